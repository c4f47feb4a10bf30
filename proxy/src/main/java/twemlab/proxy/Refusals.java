package twemlab.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import twemlab.protocol.RequestView;
import twemlab.protocol.command.Command;
import twemlab.protocol.command.RedisCommand;
import twemlab.proxy.wire.ErrorReplies;

/// What a client is told whose request is well framed and not forwarded: one sentence that is true,
/// and names the proxy where redis itself would have done it. Where client libraries look for a
/// word of redis' the sentence begins with it.
final class Refusals {
  /// What is refused of a transaction that was.
  static final byte[] NOT_QUEUED =
      line("ERR not executed: MULTI is not supported by this proxy, see the reply to it");

  /// The end of such a transaction.
  static final byte[] ABORTED =
      line(
          "EXECABORT Transaction discarded because of previous errors:"
              + " MULTI is not supported by this proxy");

  private Refusals() {}

  /// The line for a request that its parser has refused.
  static byte[] of(RequestView view, int redisKeyLength) {
    return line(
        switch (view.refusal()) {
          case WRONG_ARITY ->
              "ERR wrong number of arguments for '" + view.command().wireName() + "' command";
          case NOT_SUPPORTED -> unsupported((RedisCommand) view.command());
          case KEY_TOO_LONG ->
              "ERR the key is longer than this proxy takes, at most "
                  + (redisKeyLength - 1)
                  + " bytes";
          case UNKNOWN_COMMAND ->
              "ERR unknown command '" + name(view) + "': not supported by this proxy";
          default -> throw new IllegalStateException("refused: " + view.refusal());
        });
  }

  private static String unsupported(RedisCommand command) {
    return unsupported(command.name(), command.obstacle().text());
  }

  /// A line that says that the proxy does not do something, and why not.
  static String unsupported(String what, String why) {
    return "ERR " + what.toUpperCase(Locale.ROOT) + " is not supported by this proxy: " + why;
  }

  /// The line for a command that the pool's `admin` does not allow.
  static byte[] notAllowed(Command command) {
    String text =
        command.wireName().toUpperCase(Locale.ROOT)
            + " is not allowed by this proxy: the pool has no `admin: true`";
    return command instanceof RedisCommand
        ? line("ERR " + text)
        : ("CLIENT_ERROR " + text + "\r\n").getBytes(ISO_8859_1);
  }

  /// Whether redis takes it for an attack from a web page, and closes without a word
  /// (`securityWarningCommand`): a request of HTTP is lines of words.
  static boolean isHttp(RequestView view) {
    String name = name(view).toLowerCase(Locale.ROOT);
    return name.equals("post") || name.equals("host:");
  }

  /// The name as it was sent, fit for an error line.
  private static String name(RequestView view) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < view.nameLength(); i++) {
      name.append((char) (view.nameByte(i) & 0xff));
    }
    return ErrorReplies.printable(name.toString());
  }

  static byte[] line(String text) {
    return ("-" + text + "\r\n").getBytes(ISO_8859_1);
  }
}
