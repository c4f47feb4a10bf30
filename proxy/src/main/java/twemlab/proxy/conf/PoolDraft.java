package twemlab.proxy.conf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.HashTag;
import twemlab.hashing.KeyHash;
import twemlab.hashing.Node;
import twemlab.proxy.log.Printable;

/// A pool while its keys are read, with nutcracker's defaults, and the checks over all of them.
///
/// C counterparts `conf_pool_init`, `conf_handler`, `conf_validate_pool`, `conf_validate_server`.
final class PoolDraft {
  private record PlacedServer(ServerConf server, Position at) {}

  private final Scalar name;
  private final Refusals refuse;
  private final ListenCheck listenCheck;
  private final Set<Directive> seen = EnumSet.noneOf(Directive.class);
  private final List<PlacedServer> servers = new ArrayList<>();

  private Optional<ListenConf> listen = Optional.empty();
  private Position listenAt = Position.START;
  private Optional<Scalar> redisAuth = Optional.empty();
  private int serverConnections = 1;
  private Position serverConnectionsAt = Position.START;

  KeyHash hash = KeyHash.FNV1A_64;
  Optional<HashTag> hashTag = Optional.empty();
  DistributionKind distribution = DistributionKind.KETAMA;
  int timeoutMillis = 0;
  int backlog = 512;
  int clientConnections = 0;
  boolean tcpKeepalive = false;
  boolean reusePort = false;
  boolean redis = false;
  int redisDb = 0;
  boolean admin = false;
  boolean preconnect = false;
  boolean autoEjectHosts = false;
  int serverRetryTimeoutMillis = 30_000;
  int serverFailureLimit = 2;

  PoolDraft(Scalar name, Refusals refuse, ListenCheck listenCheck) {
    this.name = name;
    this.refuse = refuse;
    this.listenCheck = listenCheck;
  }

  /// One `key: value`, or one element of a list under the key.
  void put(Scalar key, Scalar value) throws ConfException {
    Directive directive =
        Directive.byKey(key.text())
            .orElseThrow(
                () ->
                    refuse.ofDirective(
                        key.text(), key.at(), "is unknown", "accepted: " + Directive.keys()));
    if (directive != Directive.SERVERS && !seen.add(directive)) {
      throw refuse.ofDirective(
          key.text(), key.at(), "is a duplicate", "accepted: each key once in a pool");
    }
    try {
      directive.set(this, value);
    } catch (Refusal refusal) {
      String given = Printable.cut(value.text(), ConfLimits.QUOTED);
      String hint = "'" + given + "' is refused; " + directive.accepted();
      throw refuse.ofDirective(key.text(), value.at(), refusal.getMessage(), hint);
    }
  }

  void listen(Scalar value) throws Refusal {
    ListenConf parsed = Addresses.listen(value.text());
    if (parsed.endpoint() instanceof Endpoint.Inet inet && !listenCheck.resolves(inet)) {
      throw new Refusal("has an invalid value");
    }
    listen = Optional.of(parsed);
    listenAt = value.at();
  }

  void redisAuth(Scalar value) {
    redisAuth = Optional.of(value);
  }

  void serverConnections(Scalar value) throws Refusal {
    serverConnections = Values.number(value.text());
    if (serverConnections > ConfLimits.SERVER_CONNECTIONS) {
      throw new Refusal("is above " + ConfLimits.SERVER_CONNECTIONS);
    }
    serverConnectionsAt = value.at();
  }

  void addServer(Scalar value) throws Refusal {
    if (servers.size() == ConfLimits.SERVERS_OF_A_POOL) {
      throw new Refusal("has more than " + ConfLimits.SERVERS_OF_A_POOL + " servers");
    }
    servers.add(new PlacedServer(Addresses.server(value.text()), value.at()));
  }

  Scalar name() {
    return name;
  }

  Position listenAt() {
    return listenAt;
  }

  /// The finished pool, after the checks that need all of its keys.
  PoolConf finish() throws ConfException {
    ListenConf listening = listen.orElseThrow(this::listenMissing);
    checkServerConnections();
    checkRedisAuth();
    return new PoolConf(
        name.text(),
        listening,
        hash,
        hashTag,
        distribution,
        timeoutMillis,
        backlog,
        clientConnections,
        tcpKeepalive,
        reusePort,
        redis,
        redisAuth.map(Scalar::text),
        redisDb,
        admin,
        preconnect,
        autoEjectHosts,
        serverConnections,
        serverRetryTimeoutMillis,
        serverFailureLimit,
        sortedServers());
  }

  /// What the pool takes of [ConfLimits#SERVERS].
  int share() {
    return distribution == DistributionKind.MAGLEV
        ? Math.max(servers.size(), ConfLimits.maglevShare(servers.size()))
        : servers.size();
  }

  private ConfException listenMissing() {
    return refuse.ofDirective("listen:", name.at(), "is missing", Directive.LISTEN.accepted());
  }

  private void checkServerConnections() throws ConfException {
    if (serverConnections == 0) {
      throw refuse.ofDirective(
          "server_connections:",
          serverConnectionsAt,
          "cannot be 0",
          Directive.SERVER_CONNECTIONS.accepted());
    }
  }

  private void checkRedisAuth() throws ConfException {
    if (redisAuth.isPresent() && !redis) {
      throw refuse.ofDirective(
          "redis_auth:",
          redisAuth.get().at(),
          "is only valid for a redis pool",
          Directive.REDIS_AUTH.accepted());
    }
  }

  private List<ServerConf> sortedServers() throws ConfException {
    String pool = "pool '" + name.text() + "' has ";
    if (servers.isEmpty()) {
      throw refuse.at(name.at(), pool + "no servers", Directive.SERVERS.accepted());
    }
    servers.sort(Comparator.comparing(s -> s.server().name(), Values.NUTCRACKER_ORDER));
    for (int i = 1; i < servers.size(); i++) {
      String previous = servers.get(i - 1).server().name();
      if (previous.equals(servers.get(i).server().name())) {
        throw refuse.at(
            servers.get(i).at(),
            pool + "servers with same name '" + previous + "'",
            "accepted: each server name once in a pool");
      }
    }
    checkWeights(pool);
    return servers.stream().map(PlacedServer::server).toList();
  }

  /// Some distributions give a server as many places as it weighs, in an int.
  private void checkWeights(String pool) throws ConfException {
    List<Node> nodes = new ArrayList<>();
    for (PlacedServer each : servers) {
      nodes.add(new Node(nodes.size(), each.server().name(), each.server().weight(), true));
    }
    try {
      var _ = distribution.build(nodes);
    } catch (ArithmeticException e) {
      throw refuse.at(
          servers.getLast().at(),
          pool + "servers whose weights add up to more than " + Integer.MAX_VALUE,
          "accepted with this distribution: a sum up to " + Integer.MAX_VALUE);
    }
  }
}
