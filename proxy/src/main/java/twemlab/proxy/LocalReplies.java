package twemlab.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import twemlab.protocol.RedisCommand;
import twemlab.proxy.message.Msg;

/// The redis commands that the proxy answers itself; C counterpart `redis_reply`.
///
/// PING and AUTH as in twemproxy. The others make up the handshakes of client libraries, which
/// otherwise would not connect.
///
/// Arguments are compared where they lie, whatever their number and size.
final class LocalReplies {
  /// What a client gets that has not given the pool's password.
  static final byte[] NOAUTH = "-NOAUTH Authentication required\r\n".getBytes(US_ASCII);

  private static final byte[] PONG = "+PONG\r\n".getBytes(US_ASCII);
  private static final byte[] DEFAULT_USER = "default".getBytes(US_ASCII);
  private static final String OK = "+OK\r\n";
  private static final String OTHER_DATABASE = "-ERR unknown command 'SELECT'\r\n";
  private static final String OTHER_REPLIES = "-ERR unknown command 'CLIENT'\r\n";
  private static final String SYNTAX = "-ERR syntax error\r\n";

  /// So many arguments of HELLO are looked at; it has four that mean something.
  private static final int HELLO_ARGUMENTS = 64;

  private final ServerPool pool;
  private final Arguments arguments = new Arguments();

  /// The pool's password; null if there is none.
  private final byte[] password;

  LocalReplies(ServerPool pool) {
    this.pool = pool;
    this.password = pool.conf.redisAuth().map(text -> text.getBytes(UTF_8)).orElse(null);
  }

  /// Writes the reply to a request of a local command.
  ///
  /// @return whether the connection ends behind it, because what follows is meant for another state
  boolean write(ClientConn client, Msg msg) {
    RedisCommand command = (RedisCommand) msg.command;
    if (command == RedisCommand.PING) {
      // The one that comes often; the others come once for each connection.
      pool.context.writer.append(msg.reply, PONG);
      return false;
    }
    arguments.of(msg.request);
    boolean given = arguments.next();
    if (command == RedisCommand.ECHO) {
      arguments.appendTo(msg.reply);
      return false;
    }
    String reply =
        switch (command) {
          case AUTH -> authenticate(client);
          case SELECT -> select();
          case HELLO -> hello(client, given);
          case CLIENT -> client(client);
          case COMMAND ->
              given && arguments.is("COUNT")
                  ? ":" + RedisCommand.values().length + "\r\n"
                  : "*0\r\n";
          case INFO -> bulk("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n");
          case TIME -> time();
          default -> throw new IllegalStateException(command + " is not local");
        };
    pool.context.writer.append(msg.reply, reply.getBytes(ISO_8859_1));
    return reply.equals(OTHER_DATABASE) || reply.equals(OTHER_REPLIES);
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  /// The argument is the password.
  private String authenticate(ClientConn client) {
    return authenticate(client, password != null && arguments.isExactly(password));
  }

  private String authenticate(ClientConn client, boolean right) {
    if (password == null) {
      return "-ERR Client sent AUTH, but no password is set\r\n";
    }
    client.authenticated(right);
    return right ? OK : "-ERR invalid password\r\n";
  }

  /// Every client sees database 0: what is selected on a shared connection is seen by all.
  private String select() {
    return arguments.is("0") ? OK : OTHER_DATABASE;
  }

  /// Answers for RESP2; for RESP3 the words on which client libraries fall back to RESP2.
  private String hello(ClientConn client, boolean versionGiven) {
    if (versionGiven && !arguments.is("2")) {
      return "-ERR unknown command 'HELLO'\r\n";
    }
    if (arguments.left() > HELLO_ARGUMENTS) {
      return SYNTAX;
    }
    boolean passwordGiven = false;
    boolean right = false;
    while (arguments.next()) {
      if (arguments.is("AUTH") && arguments.left() >= 2) {
        arguments.next();
        boolean known = arguments.isExactly(DEFAULT_USER);
        arguments.next();
        passwordGiven = true;
        right = known && password != null && arguments.isExactly(password);
      } else if (arguments.is("SETNAME") && arguments.left() >= 1) {
        arguments.next();
      } else {
        return SYNTAX;
      }
    }
    String refusal = passwordGiven ? authenticate(client, right) : OK;
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

  private String client(ClientConn client) {
    if (arguments.is("SETINFO") || arguments.is("SETNAME")) {
      return OK;
    } else if (arguments.is("GETNAME")) {
      return "$-1\r\n";
    } else if (arguments.is("ID")) {
      return ":" + client.descriptor() + "\r\n";
    } else if (arguments.is("REPLY")) {
      return OTHER_REPLIES;
    }
    return "-ERR unknown subcommand '" + arguments.printable() + "'\r\n";
  }

  private String time() {
    long millis = pool.context.kernel.clock().wallMillis();
    return "*2\r\n"
        + bulk(Long.toString(millis / 1000))
        + bulk(Long.toString(millis % 1000 * 1000));
  }
}
