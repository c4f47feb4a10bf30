package twemlab.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import twemlab.protocol.RequestView;
import twemlab.protocol.command.Obstacle;
import twemlab.protocol.command.RedisCommand;
import twemlab.proxy.message.Msg;
import twemlab.proxy.wire.Arguments;

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
  private static final String SYNTAX = "-ERR syntax error\r\n";

  /// Every client sees database 0: what is selected on a shared connection is seen by all.
  private static final String OTHER_DATABASE =
      "-ERR DB index is out of range: this proxy serves database 0 alone\r\n";

  private static final String OTHER_REPLIES =
      "-" + Refusals.unsupported("CLIENT REPLY", "every request gets its reply") + "\r\n";

  private static final String WRONG_USER =
      "-WRONGPASS invalid username-password pair or user is disabled."
          + " This proxy knows the user default alone\r\n";

  /// Client libraries look for the first word, and then speak RESP2 or give up.
  private static final String OTHER_PROTOCOL =
      "-NOPROTO unsupported protocol version: this proxy speaks RESP2\r\n";

  /// So many arguments of HELLO are looked at; it has four that mean something.
  private static final int HELLO_ARGUMENTS = 64;

  private static final String MULTI_REFUSED =
      "-" + Refusals.unsupported("MULTI", Obstacle.TRANSACTION.text()) + "\r\n";

  private static final String ABORTED = new String(Refusals.ABORTED, US_ASCII);

  private static final int INFO_ARGUMENTS = 64;

  private static final Map<String, String> INFO = new LinkedHashMap<>();

  static {
    INFO.put(
        "SERVER", "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nproxy:twemlab\r\n");
    INFO.put("CLIENTS", "# Clients\r\nconnected_clients:{clients}\r\n");
    INFO.put("PERSISTENCE", "# Persistence\r\nloading:0\r\n");
    INFO.put("REPLICATION", "# Replication\r\nrole:master\r\nconnected_slaves:0\r\n");
    INFO.put("CLUSTER", "# Cluster\r\ncluster_enabled:0\r\n");
  }

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
  boolean write(ClientConn client, Msg msg, RequestView view) {
    RedisCommand command = (RedisCommand) msg.command;
    if (command == RedisCommand.PING && view.argumentCount() == 0) {
      // The one that comes often; the others come once for each connection.
      pool.context.writer.append(msg.reply, PONG);
      return false;
    }
    arguments.of(msg.request);
    boolean given = arguments.next();
    if (command == RedisCommand.ECHO || command == RedisCommand.PING) {
      arguments.appendTo(msg.reply);
      return false;
    }
    if (command == RedisCommand.COMMAND) {
      pool.context.writer.append(msg.reply, CommandReplies.of(arguments, given));
      return false;
    }
    String reply = reply(command, client, given);
    pool.context.writer.append(msg.reply, reply.getBytes(ISO_8859_1));
    return reply.equals(OTHER_DATABASE) || reply.equals(OTHER_REPLIES);
  }

  private String reply(RedisCommand command, ClientConn client, boolean given) {
    return switch (command) {
      case AUTH -> authenticate(client);
      case SELECT -> arguments.is("0") ? OK : OTHER_DATABASE;
      case HELLO -> hello(client, given);
      case CLIENT -> client(client);
      case INFO -> bulk(info(given));
      case TIME -> time();
      case RESET -> reset(client);
      case UNWATCH -> OK;
      case MULTI -> {
        client.transactionRefused(true);
        yield MULTI_REFUSED;
      }
      case EXEC -> {
        boolean refused = client.transactionRefused();
        client.transactionRefused(false);
        yield refused ? ABORTED : "-ERR EXEC without MULTI\r\n";
      }
      case DISCARD -> {
        boolean refused = client.transactionRefused();
        client.transactionRefused(false);
        yield refused ? OK : "-ERR DISCARD without MULTI\r\n";
      }
      default -> throw new IllegalStateException(command + " is not local");
    };
  }

  /// The connection is as it was when it was opened.
  private String reset(ClientConn client) {
    client.transactionRefused(false);
    client.authenticated(password == null);
    return "+RESET\r\n";
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  /// One argument is the password, two are a user's name and the password.
  private String authenticate(ClientConn client) {
    if (arguments.left() > 0) {
      if (!arguments.isExactly(DEFAULT_USER)) {
        return WRONG_USER;
      }
      arguments.next();
    }
    return authenticate(client, password != null && arguments.isExactly(password));
  }

  private String authenticate(ClientConn client, boolean right) {
    if (password == null) {
      return "-ERR Client sent AUTH, but no password is set\r\n";
    }
    client.authenticated(right);
    return right ? OK : "-ERR invalid password\r\n";
  }

  /// Answers for RESP2; for RESP3 the word on which client libraries fall back to RESP2.
  private String hello(ClientConn client, boolean versionGiven) {
    if (versionGiven && !arguments.is("2")) {
      return arguments.isNumber()
          ? OTHER_PROTOCOL
          : "-ERR Protocol version is not an integer or out of range\r\n";
    }
    if (arguments.left() > HELLO_ARGUMENTS) {
      return SYNTAX;
    }
    boolean passwordGiven = false;
    boolean right = false;
    boolean known = true;
    while (arguments.next()) {
      if (arguments.is("AUTH") && arguments.left() >= 2) {
        arguments.next();
        known = arguments.isExactly(DEFAULT_USER);
        arguments.next();
        passwordGiven = true;
        right = password != null && arguments.isExactly(password);
      } else if (arguments.is("SETNAME") && arguments.left() >= 1) {
        arguments.next();
      } else {
        return SYNTAX;
      }
    }
    if (!known) {
      return WRONG_USER;
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
    if (arguments.is("SETINFO")
        || arguments.is("SETNAME")
        || arguments.is("NO-EVICT")
        || arguments.is("NO-TOUCH")) {
      return OK;
    } else if (arguments.is("GETNAME")) {
      return "$-1\r\n";
    } else if (arguments.is("ID")) {
      return ":" + client.descriptor() + "\r\n";
    } else if (arguments.is("INFO")) {
      return bulk("id=" + client.descriptor() + " db=0 resp=2\n");
    } else if (arguments.is("REPLY")) {
      return arguments.next() && arguments.is("ON") ? OK : OTHER_REPLIES;
    } else if (arguments.is("TRACKING")) {
      return arguments.next() && arguments.is("OFF")
          ? OK
          : "-" + Refusals.unsupported("CLIENT TRACKING", Obstacle.SUBSCRIPTION.text()) + "\r\n";
    }
    return "-ERR unknown subcommand '"
        + arguments.printable()
        + "': not supported by this proxy. Try CLIENT ID, INFO, GETNAME, SETNAME, SETINFO\r\n";
  }

  /// What client libraries look at, of the proxy itself. (To a server's own numbers there is no
  /// way: which server's?)
  private String info(boolean given) {
    if (!given) {
      return String.join("\r\n", INFO.values().stream().map(this::section).toList());
    }
    StringBuilder text = new StringBuilder();
    int named = Math.min(arguments.left() + 1, INFO_ARGUMENTS);
    for (Map.Entry<String, String> section : INFO.entrySet()) {
      arguments.again();
      boolean wanted = false;
      for (int i = 0; i < named && arguments.next(); i++) {
        wanted |= arguments.is(section.getKey()) || isEverything();
      }
      if (wanted) {
        text.append(text.isEmpty() ? "" : "\r\n").append(section(section.getValue()));
      }
    }
    return text.toString();
  }

  private boolean isEverything() {
    return arguments.is("ALL") || arguments.is("DEFAULT") || arguments.is("EVERYTHING");
  }

  private String section(String text) {
    return text.replace("{clients}", Long.toString(pool.clientCount()));
  }

  private String time() {
    long millis = pool.context.kernel.clock().wallMillis();
    return "*2\r\n"
        + bulk(Long.toString(millis / 1000))
        + bulk(Long.toString(millis % 1000 * 1000));
  }
}
