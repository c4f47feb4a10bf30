package twemlab.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import twemlab.protocol.command.RedisCommand;
import twemlab.proxy.message.Msg;

/// AUTH and SELECT of a new server connection; C counterparts `redis_add_auth`,
/// `redis_post_connect` (nc_redis.c).
final class ServerSetup {
  private ServerSetup() {}

  /// A command of one argument, which no client has sent.
  static Msg request(Context context, RedisCommand command, String argument) {
    Msg msg = context.msgs.take();
    msg.command = command;
    msg.setup();
    int length = argument.getBytes(UTF_8).length;
    String name = command.name();
    String text =
        "*2\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n".formatted(name.length(), name, length, argument);
    context.writer.append(msg.request, text.getBytes(UTF_8));
    msg.requestBytes = msg.request.length();
    return msg;
  }

  /// The server refused it.
  ///
  /// @param auth whether it was AUTH
  static void logFailure(Server server, boolean auth) {
    ServerPool pool = server.pool;
    var lines = pool.context.lines.failedSetups;
    if (lines.wanted(pool.context.loop.now())) {
      lines.print(
          (auth ? "AUTH" : "SELECT " + pool.conf.redisDb())
              + (" failed on " + pool.conf.name() + " | " + server.conf.pname()));
    }
  }
}
