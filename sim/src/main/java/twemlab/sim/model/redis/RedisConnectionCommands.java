package twemlab.sim.model.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import twemlab.sim.model.Bytes;

/// The commands about the connection and the server (redis' `server.c`, `acl.c`, `config.c`).
final class RedisConnectionCommands {
  private static final byte[] DEFAULT_USER = "default".getBytes(StandardCharsets.ISO_8859_1);

  private RedisConnectionCommands() {}

  static void ping(RedisCall call) {
    if (call.count() > 2) {
      throw RedisError.arity("ping");
    } else if (call.count() == 2) {
      call.reply().bulk(call.argument(1));
    } else {
      call.reply().simple("PONG");
    }
  }

  static void echo(RedisCall call) {
    call.reply().bulk(call.argument(1));
  }

  static void select(RedisCall call) {
    long index = call.integer(1);
    if (index != (int) index) {
      throw new RedisError(
          "ERR value is out of range, value must between -2147483648 and 2147483647");
    }
    if (index < 0 || index >= RedisModel.DATABASES) {
      throw new RedisError("ERR DB index is out of range");
    }
    call.session().select((int) index);
    call.reply().ok();
  }

  static void auth(RedisCall call) {
    if (call.count() > 3) {
      throw new RedisError(RedisError.SYNTAX);
    }
    byte[] required = call.session().model().password();
    if (call.count() == 2 && required == null) {
      throw new RedisError(
          "ERR AUTH <password> called without any password configured for the default user."
              + " Are you sure your configuration is correct?");
    }
    boolean knownUser = call.count() == 2 || Arrays.equals(call.argument(1), DEFAULT_USER);
    byte[] given = call.argument(call.count() - 1);
    if (!knownUser || (required != null && !Arrays.equals(given, required))) {
      throw new RedisError("WRONGPASS invalid username-password pair or user is disabled.");
    }
    call.session().authenticate();
    call.reply().ok();
  }

  /// Runs scripts that return a value and do nothing else.
  static void eval(RedisCall call) {
    RedisScript.run(new Bytes(call.argument(1)).toString(), call.reply());
  }

  static void quit(RedisCall call) {
    call.reply().ok();
    call.session().close();
  }

  static void command(RedisCall call) {
    call.reply().array(0);
  }

  static void flushall(RedisCall call) {
    boolean valid =
        call.count() == 1
            || (call.count() == 2
                && (call.option(1).equals("sync") || call.option(1).equals("async")));
    if (!valid) {
      throw new RedisError(RedisError.SYNTAX);
    }
    call.session().model().clear();
    call.reply().ok();
  }

  static void config(RedisCall call) {
    if (!call.option(1).equals("get")) {
      throw new RedisError(
          "ERR unknown subcommand '"
              + RedisError.cut(call.argument(1), RedisError.SHOWN)
              + "'. Try CONFIG HELP.");
    }
    if (call.count() == 2) {
      throw RedisError.arity("config|get");
    }
    String name = call.option(2).toLowerCase(Locale.ROOT);
    String value = name.equals("save") ? "" : name.equals("appendonly") ? "no" : null;
    call.reply().array(value == null ? 0 : 2);
    if (value != null) {
      call.reply().bulk(name.getBytes(StandardCharsets.ISO_8859_1));
      call.reply().bulk(value.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
