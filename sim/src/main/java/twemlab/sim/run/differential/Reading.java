package twemlab.sim.run.differential;

import twemlab.sim.run.differential.mirror.Pool;

/// Reads a client's bytes as the contract and the rules of `docs/deviations.md` say that they are
/// to be read: whole, with simple means, and without the proxy's parsers.
interface Reading {
  /// The next piece of a text, from a position.
  ///
  /// @return null if the rest is the beginning of a request: both proxies wait for more
  Item next(String text, int from);

  /// Whether the client has given the pool's password in what was read.
  default boolean authenticated() {
    return false;
  }

  /// For a client of a pool.
  static Reading of(Pool pool, int mbufBytes) {
    return pool.redis() ? new RedisReading(mbufBytes, pool.password()) : new MemcachedReading();
  }
}
