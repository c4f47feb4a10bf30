package twemlab.proxy.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.EnumMap;
import java.util.Map;
import twemlab.event.kernel.Errno;
import twemlab.protocol.RequestView;

/// The error lines of one protocol, made once; C counterpart `msg_get_error` (nc_message.c).
///
/// ```text
/// redis      -ERR Connection refused\r\n
/// memcached  SERVER_ERROR Connection refused\r\n
/// ```
public final class ErrorReplies {
  private final String prefix;
  private final Map<Errno, byte[]> lines = new EnumMap<>(Errno.class);

  /// What a client gets whose server did not accept the pool's password.
  public final byte[] authenticationFailed;

  /// What a client gets whose server did not accept the pool's database.
  public final byte[] selectFailed;

  /// What a client gets whose request is longer than the budget of memory allows.
  public final byte[] tooLarge;

  /// What a client gets whose reply is longer than is passed on.
  public final byte[] replyTooLong;

  /// What a client gets whose keys are not all one server's, though they must be.
  public final byte[] crossSlot;

  public ErrorReplies(boolean redis, int replyLimit) {
    this.prefix = redis ? "-ERR " : "SERVER_ERROR ";
    for (Errno errno : Errno.values()) {
      lines.put(errno, line(errno.text()));
    }
    this.authenticationFailed = line("server authentication failed");
    this.selectFailed = line("server select failed");
    this.crossSlot =
        "-CROSSSLOT the keys are not all of one server: this proxy cannot divide the request\r\n"
            .getBytes(US_ASCII);
    this.tooLarge = line(redis ? "request too large" : "object too large for cache");
    this.replyTooLong =
        line("the reply is longer than the proxy passes on, at most " + replyLimit + " bytes");
  }

  /// The line for an operating error.
  public byte[] of(Errno errno) {
    return lines.get(errno);
  }

  /// A text of a client, fit for an error line: on one line, and of a length that a reader can
  /// bear.
  public static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), RequestView.NAME_KEPT); i++) {
      char c = text.charAt(i);
      printable.append(c < ' ' || c == 0x7f ? ' ' : c);
    }
    return printable.toString();
  }

  private byte[] line(String text) {
    return (prefix + text + "\r\n").getBytes(US_ASCII);
  }
}
