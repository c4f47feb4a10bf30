package twemlab.proxy.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import twemlab.protocol.command.Command;
import twemlab.protocol.command.MemcacheCommand;
import twemlab.protocol.command.RedisCommand;

/// The names of the commands as bytes, made once.
public final class WireNames {
  private static final byte[][] REDIS = bytes(RedisCommand.values());
  private static final byte[][] MEMCACHE = bytes(MemcacheCommand.values());

  private WireNames() {}

  /// The name in lower case; the caller does not change the array.
  public static byte[] of(Command command) {
    return switch (command) {
      case RedisCommand redis -> REDIS[redis.ordinal()];
      case MemcacheCommand memcache -> MEMCACHE[memcache.ordinal()];
    };
  }

  private static byte[][] bytes(Command[] commands) {
    byte[][] names = new byte[commands.length][];
    for (int i = 0; i < names.length; i++) {
      names[i] = commands[i].wireName().getBytes(US_ASCII);
    }
    return names;
  }
}
