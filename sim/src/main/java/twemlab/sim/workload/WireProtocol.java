package twemlab.sim.workload;

import twemlab.sim.model.ServerModel;
import twemlab.sim.model.memcached.MemcachedModel;
import twemlab.sim.model.redis.RedisModel;

/// The protocol that a client, a server and the proxy between them speak.
public enum WireProtocol {
  /// RESP2.
  REDIS,
  /// The ASCII protocol.
  MEMCACHED;

  /// A fresh model of a server, as a [Workload] applies its requests to.
  public ServerModel model() {
    return switch (this) {
      case REDIS -> new RedisModel();
      case MEMCACHED -> new MemcachedModel(64 << 20, MemcachedModel.CasNumbers.PER_KEY);
    };
  }
}
