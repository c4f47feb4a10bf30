package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Set;
import twemlab.event.mbuf.MbufChain;
import twemlab.protocol.RequestView;
import twemlab.protocol.command.MemcacheCommand;
import twemlab.proxy.message.Msg;

/// The memcached commands that the proxy answers itself, for they have no key.
final class MemcacheReplies {
  private static final byte[] OK = "OK\r\n".getBytes(US_ASCII);

  private static final byte[] BAD_LINE =
      "CLIENT_ERROR bad command line format\r\n".getBytes(US_ASCII);

  private static final byte[] OTHER_STATS =
      ("CLIENT_ERROR only `stats` alone is supported by this proxy:"
              + " the others concern one server, which can be asked directly\r\n")
          .getBytes(US_ASCII);

  private static final byte[] UNKNOWN = "ERROR\r\n".getBytes(US_ASCII);

  /// What memcached has statistics of besides.
  private static final Set<String> KINDS =
      Set.of("items", "slabs", "sizes", "settings", "conns", "reset", "detail", "cachedump");

  private static final int KIND_MAX = 16;

  private final ServerPool pool;

  MemcacheReplies(ServerPool pool) {
    this.pool = pool;
  }

  /// Writes the reply to a request of a local command.
  void write(Msg msg, RequestView view) {
    byte[] reply =
        switch ((MemcacheCommand) msg.command) {
          case VERBOSITY -> endsWithNumber(msg.request, view) ? OK : BAD_LINE;
          case STATS -> view.argumentCount() == 0 ? stats() : otherStats(msg.request);
          default -> throw new IllegalStateException(msg.command + " is not local");
        };
    pool.context.writer.append(msg.reply, reply);
  }

  /// The level of what the proxy logs is not the clients' to choose: the number is taken, as
  /// memcached takes it, and means nothing.
  private static boolean endsWithNumber(MbufChain request, RequestView view) {
    int end = view.noreply() ? view.noreplyStart() : request.length() - 2;
    while (request.byteAt(end - 1) == ' ') {
      end--;
    }
    byte last = request.byteAt(end - 1);
    return last >= '0' && last <= '9';
  }

  private static byte[] otherStats(MbufChain request) {
    int at = 0;
    while (request.byteAt(at) == ' ') {
      at++;
    }
    at += "stats".length();
    while (request.byteAt(at) == ' ') {
      at++;
    }
    StringBuilder kind = new StringBuilder();
    for (byte b = request.byteAt(at); b > ' ' && kind.length() < KIND_MAX; b = request.byteAt(at)) {
      kind.append((char) b);
      at++;
    }
    return KINDS.contains(kind.toString()) ? OTHER_STATS : UNKNOWN;
  }

  /// Of the proxy itself.
  private byte[] stats() {
    long seconds = pool.context.kernel.clock().wallMillis() / 1000;
    return ("STAT proxy twemlab\r\nSTAT pool "
            + pool.conf.name()
            + "\r\nSTAT servers "
            + pool.conf.servers().size()
            + "\r\nSTAT time "
            + seconds
            + "\r\nSTAT curr_connections "
            + pool.clientCount()
            + "\r\nEND\r\n")
        .getBytes(US_ASCII);
  }
}
