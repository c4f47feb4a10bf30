package twemlab.proxy.conf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.KeyHash;

/// The keys of a pool: one row each, with what it accepts and where its value goes.
///
/// C counterpart `conf_commands`.
@SuppressWarnings("ImmutableEnumChecker") // the setters are method references without state
enum Directive {
  LISTEN(
      "listen",
      "host:port with a port of 1 to 65535 and a host that resolves, or /path [octal mode] with a"
          + " path of at most 107 bytes and a mode of at most 0777",
      PoolDraft::listen),
  HASH("hash", Hints.hashes(), (p, v) -> p.hash = Values.hash(v.text())),
  HASH_TAG(
      "hash_tag",
      "two characters, such as \"{}\"",
      (p, v) -> p.hashTag = Optional.of(Values.hashTag(v.text()))),
  DISTRIBUTION(
      "distribution",
      Hints.distributions(),
      (p, v) -> p.distribution = Values.distribution(v.text())),
  TIMEOUT("timeout", Hints.NUMBER, (p, v) -> p.timeoutMillis = Values.number(v.text())),
  BACKLOG("backlog", Hints.NUMBER, (p, v) -> p.backlog = Values.number(v.text())),
  CLIENT_CONNECTIONS(
      "client_connections", Hints.NUMBER, (p, v) -> p.clientConnections = Values.number(v.text())),
  TCPKEEPALIVE("tcpkeepalive", Hints.FLAG, (p, v) -> p.tcpKeepalive = Values.flag(v.text())),
  REUSEPORT("reuseport", Hints.FLAG, (p, v) -> p.reusePort = Values.flag(v.text())),
  REDIS("redis", Hints.FLAG, (p, v) -> p.redis = Values.flag(v.text())),
  REDIS_AUTH("redis_auth", "a password, with redis: true", PoolDraft::redisAuth),
  REDIS_DB("redis_db", Hints.NUMBER, (p, v) -> p.redisDb = Values.number(v.text())),
  ADMIN("admin", Hints.FLAG, (p, v) -> p.admin = Values.flag(v.text())),
  PRECONNECT("preconnect", Hints.FLAG, (p, v) -> p.preconnect = Values.flag(v.text())),
  AUTO_EJECT_HOSTS(
      "auto_eject_hosts", Hints.FLAG, (p, v) -> p.autoEjectHosts = Values.flag(v.text())),
  SERVER_CONNECTIONS(
      "server_connections",
      "decimal digits, 1 to " + ConfLimits.SERVER_CONNECTIONS,
      PoolDraft::serverConnections),
  SERVER_RETRY_TIMEOUT(
      "server_retry_timeout",
      Hints.NUMBER,
      (p, v) -> p.serverRetryTimeoutMillis = Values.number(v.text())),
  SERVER_FAILURE_LIMIT(
      "server_failure_limit",
      Hints.NUMBER,
      (p, v) -> p.serverFailureLimit = Values.number(v.text())),
  SERVERS(
      "servers",
      "a list of host:port:weight [name] or /path:weight [name], with a port of 1 to 65535 and a"
          + " weight of 1 to 2147483647; at most "
          + ConfLimits.SERVERS_OF_A_POOL
          + " in a pool",
      PoolDraft::addServer);

  /// Puts a value into a pool, or says why not.
  private interface Setter {
    void set(PoolDraft pool, Scalar value) throws Refusal;
  }

  private static final class Hints {
    static final String NUMBER = "decimal digits, 0 to 2147483647";
    static final String FLAG = "true or false";

    static String hashes() {
      return joined(Arrays.stream(KeyHash.values()).map(KeyHash::configName));
    }

    static String distributions() {
      return joined(Arrays.stream(DistributionKind.values()).map(DistributionKind::configName));
    }

    static String joined(Stream<String> names) {
      return names.collect(Collectors.joining(", "));
    }
  }

  private final String key;
  private final String accepted;
  private final Setter setter;

  Directive(String key, String accepted, Setter setter) {
    this.key = key;
    this.accepted = accepted;
    this.setter = setter;
  }

  String key() {
    return key;
  }

  /// What the key accepts, in words for a hint.
  String accepted() {
    return "accepted: " + accepted;
  }

  void set(PoolDraft pool, Scalar value) throws Refusal {
    setter.set(pool, value);
  }

  static Optional<Directive> byKey(String key) {
    return Arrays.stream(values()).filter(d -> d.key.equals(key)).findFirst();
  }

  /// Every key, for the hint on an unknown one.
  static String keys() {
    return Hints.joined(Arrays.stream(values()).map(Directive::key));
  }
}
