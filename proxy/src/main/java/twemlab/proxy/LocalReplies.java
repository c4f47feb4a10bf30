package twemlab.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Locale;
import twemlab.protocol.RedisCommand;
import twemlab.protocol.RequestView;

/// The redis commands that the proxy answers itself; C counterpart `redis_reply`.
///
/// PING and AUTH as in twemproxy. The others make up the handshakes of client libraries, which
/// otherwise would not connect.
final class LocalReplies {
  /// What a client gets that has not given the pool's password.
  static final byte[] NOAUTH = "-NOAUTH Authentication required\r\n".getBytes(US_ASCII);

  private static final byte[] PONG = "+PONG\r\n".getBytes(US_ASCII);
  private static final String OK = "+OK\r\n";
  private static final String OTHER_DATABASE = "-ERR unknown command 'SELECT'\r\n";
  private static final String OTHER_REPLIES = "-ERR unknown command 'CLIENT'\r\n";
  private static final String SYNTAX = "-ERR syntax error\r\n";

  private final ServerPool pool;

  LocalReplies(ServerPool pool) {
    this.pool = pool;
  }

  /// Writes the reply to a request of a local command.
  ///
  /// @return whether the connection ends behind it, because what follows is meant for another state
  boolean write(ClientConn client, Msg msg, RequestView view) {
    if (view.command() == RedisCommand.PING) {
      // The one that comes often; the others come once for each connection.
      pool.context.writer.append(msg.reply, PONG);
      return false;
    }
    String reply =
        switch ((RedisCommand) view.command()) {
          case AUTH -> authenticate(client, text(msg, view, 0));
          case ECHO -> bulk(text(msg, view, 0));
          case SELECT -> select(text(msg, view, 0));
          case HELLO -> hello(client, msg, view);
          case CLIENT -> client(client, text(msg, view, 0).toUpperCase(Locale.ROOT));
          case COMMAND -> command(msg, view);
          case INFO -> bulk("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n");
          case TIME -> time();
          default -> throw new IllegalStateException(view.command() + " is not local");
        };
    pool.context.writer.append(msg.reply, reply.getBytes(ISO_8859_1));
    return reply.equals(OTHER_DATABASE) || reply.equals(OTHER_REPLIES);
  }

  /// Argument `i`, byte for byte.
  private static String text(Msg msg, RequestView view, int i) {
    StringBuilder text = new StringBuilder();
    for (int at = view.argumentStart(i); at < view.argumentEnd(i); at++) {
      text.append((char) (msg.request.byteAt(at) & 0xff));
    }
    return text.toString();
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private String authenticate(ClientConn client, String password) {
    if (pool.conf.redisAuth().isEmpty()) {
      return "-ERR Client sent AUTH, but no password is set\r\n";
    }
    byte[] expected = pool.conf.redisAuth().get().getBytes(UTF_8);
    boolean right = MessageDigest.isEqual(expected, password.getBytes(ISO_8859_1));
    client.authenticated(right);
    return right ? OK : "-ERR invalid password\r\n";
  }

  /// Every client sees database 0: what is selected on a shared connection is seen by all.
  private static String select(String database) {
    return database.equals("0") ? OK : OTHER_DATABASE;
  }

  /// Answers for RESP2; for RESP3 the words on which client libraries fall back to RESP2.
  private String hello(ClientConn client, Msg msg, RequestView view) {
    int count = view.argumentCount();
    if (count > 0 && !text(msg, view, 0).equals("2")) {
      return "-ERR unknown command 'HELLO'\r\n";
    }
    String password = null;
    for (int i = 1; i < count; i++) {
      String option = i < RequestView.ARGUMENTS_KEPT ? text(msg, view, i) : "";
      if (option.equalsIgnoreCase("AUTH") && i + 2 < count) {
        boolean known = text(msg, view, i + 1).equals("default");
        password = known ? text(msg, view, i + 2) : "";
        i += 2;
      } else if (option.equalsIgnoreCase("SETNAME") && i + 1 < count) {
        i++;
      } else {
        return SYNTAX;
      }
    }
    String refusal = password == null ? OK : authenticate(client, password);
    if (!refusal.equals(OK)) {
      return refusal;
    }
    return client.authenticated() ? greeting(client) : new String(NOAUTH, US_ASCII);
  }

  private static String greeting(ClientConn client) {
    return "*14\r\n"
        + bulk("server")
        + bulk("redis")
        + bulk("version")
        + bulk("7.0.15")
        + bulk("proto")
        + ":2\r\n"
        + bulk("id")
        + ":"
        + client.descriptor()
        + "\r\n"
        + bulk("mode")
        + bulk("standalone")
        + bulk("role")
        + bulk("master")
        + bulk("modules")
        + "*0\r\n";
  }

  private static String client(ClientConn client, String subcommand) {
    return switch (subcommand) {
      case "SETINFO", "SETNAME" -> OK;
      case "GETNAME" -> "$-1\r\n";
      case "ID" -> ":" + client.descriptor() + "\r\n";
      case "REPLY" -> OTHER_REPLIES;
      default -> "-ERR unknown subcommand '" + ErrorReplies.printable(subcommand) + "'\r\n";
    };
  }

  private static String command(Msg msg, RequestView view) {
    boolean count =
        view.argumentCount() > 0 && text(msg, view, 0).toUpperCase(Locale.ROOT).equals("COUNT");
    return count ? ":" + RedisCommand.values().length + "\r\n" : "*0\r\n";
  }

  private String time() {
    long millis = pool.context.kernel.clock().wallMillis();
    return "*2\r\n"
        + bulk(Long.toString(millis / 1000))
        + bulk(Long.toString(millis % 1000 * 1000));
  }
}
