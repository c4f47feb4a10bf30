package twemlab.proxy.conf;

import java.util.List;
import java.util.Optional;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.HashTag;
import twemlab.hashing.KeyHash;

/// One pool, with the defaults of the keys that the file leaves out.
///
/// C counterpart `struct conf_pool`. `docs/configuration.md` describes each key.
///
/// @param name the pool's name, not empty
/// @param listen where its clients connect
/// @param hash the function that hashes keys
/// @param hashTag the two bytes that mark the part of a key to hash
/// @param distribution how a hash picks a server
/// @param timeoutMillis how long a request may take; 0 is no limit
/// @param backlog the argument of listen(2)
/// @param clientConnections how many clients may be connected at once; 0 is no limit
/// @param tcpKeepalive whether accepted sockets get SO_KEEPALIVE
/// @param reusePort whether the listener gets SO_REUSEPORT
/// @param redis whether the pool speaks redis; memcached otherwise
/// @param redisAuth the password of clients and servers; only in a redis pool
/// @param redisDb the database that server connections select; 0 is the default one
/// @param admin whether clients may do what concerns everybody, such as to delete all keys
/// @param preconnect whether each server gets a connection at start
/// @param autoEjectHosts whether failing servers leave the ring for a while
/// @param serverConnections connections to each server, at least 1
/// @param serverRetryTimeoutMillis how long an ejected server stays out
/// @param serverFailureLimit failures in a row that eject a server; 0 acts like 1
/// @param servers at least one, sorted by the length of their names and then by bytes: this order
///   gives each server its index
public record PoolConf(
    String name,
    ListenConf listen,
    KeyHash hash,
    Optional<HashTag> hashTag,
    DistributionKind distribution,
    int timeoutMillis,
    int backlog,
    int clientConnections,
    boolean tcpKeepalive,
    boolean reusePort,
    boolean redis,
    Optional<String> redisAuth,
    int redisDb,
    boolean admin,
    boolean preconnect,
    boolean autoEjectHosts,
    int serverConnections,
    int serverRetryTimeoutMillis,
    int serverFailureLimit,
    List<ServerConf> servers) {

  /// Copies the list, so that the record is immutable.
  public PoolConf {
    servers = List.copyOf(servers);
  }
}
