package twemlab.hashing;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// From a key to the index of its server: hash tag, hash and distribution in one place, so that the
/// proxy and the tools cannot differ. C counterpart `server_pool_idx` in `nc_server.c`.
///
/// Immutable, one snapshot of the ring: a request that needs several servers routes all its keys
/// with the same router. When a server is ejected or returns, [#with(Distribution)] makes the next.
public final class KeyRouter {
  private final KeyHash keyHash;
  private final HashTag tag;
  private final Distribution distribution;
  private final int serverCount;

  /// @param tag null when the pool has no hash tag
  /// @param serverCount all servers of the pool, the dead ones too: with exactly one, keys are not
  ///   hashed
  public KeyRouter(KeyHash keyHash, HashTag tag, Distribution distribution, int serverCount) {
    this.keyHash = Objects.requireNonNull(keyHash);
    this.tag = tag;
    this.distribution = Objects.requireNonNull(distribution);
    this.serverCount = serverCount;
  }

  /// The same way to hash, over another state of the servers.
  public KeyRouter with(Distribution next) {
    return new KeyRouter(keyHash, tag, next, serverCount);
  }

  /// What [#route] asks.
  public Distribution distribution() {
    return distribution;
  }

  /// The index of the server for a key in native memory, or -1 when no server is live. Allocates
  /// nothing.
  ///
  /// @param drawn a random number of all 32 bits; the same one for all keys of a request
  public int route(MemorySegment memory, long offset, int length, Loads loads, int drawn) {
    return distribution.pick(hash(memory, offset, length), loads, drawn);
  }

  /// The same for a key in an array.
  public int route(byte[] bytes, int offset, int length, Loads loads, int drawn) {
    return distribution.pick(hash(bytes, offset, length), loads, drawn);
  }

  /// The hash by which a key in native memory is routed: that of its tagged part, 0 for an empty
  /// key (whatever the function itself says) and 0 in a pool of one server.
  public int hash(MemorySegment memory, long offset, int length) {
    if (length == 0 || serverCount == 1) {
      return 0;
    }
    if (tag == null) {
      return keyHash.hash(memory, offset, length);
    }
    long range = tag.range(memory, offset, length);
    return keyHash.hash(memory, offset + HashTag.start(range), HashTag.length(range));
  }

  /// The same for a key in an array.
  public int hash(byte[] bytes, int offset, int length) {
    if (length == 0 || serverCount == 1) {
      return 0;
    }
    if (tag == null) {
      return keyHash.hash(bytes, offset, length);
    }
    long range = tag.range(bytes, offset, length);
    return keyHash.hash(bytes, offset + HashTag.start(range), HashTag.length(range));
  }
}
