package twemlab.proxy;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.mbuf.MbufChain;
import twemlab.hashing.KeyRouter;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;
import twemlab.protocol.Limits;
import twemlab.protocol.MemcacheReplyParser;
import twemlab.protocol.MemcacheRequestParser;
import twemlab.protocol.RedisReplyParser;
import twemlab.protocol.RedisRequestParser;
import twemlab.protocol.ReplyParser;
import twemlab.protocol.RequestParser;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.message.Division;
import twemlab.proxy.message.KeyWorker;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.stats.PoolStats;
import twemlab.proxy.wire.ErrorReplies;

/// The servers behind one listener, and the ring that shares the keys among them; C counterpart
/// `struct server_pool` (nc_server.h).
public final class ServerPool implements KeyWorker {
  private static final byte[] PLACEHOLDER = "placeholder".getBytes(StandardCharsets.US_ASCII);

  final Context context;
  final int index;
  final PoolConf conf;
  final PoolStats stats;
  final ErrorReplies errors;
  final Limits limits;
  final RequestForwarder requests;
  final ResponseForwarder responses;
  private final List<Server> servers = new ArrayList<>();
  private final Loads loads;
  private final ProxyConn listener;

  /// Where a key that straddles mbufs is put together to be hashed.
  private final MemorySegment keyScratch;

  private final long timeoutNanos;
  private KeyRouter router;

  /// When the first ejected server is taken back; [Long#MAX_VALUE] if none is ejected.
  private long rebuildAt = Long.MAX_VALUE;

  private long draws;
  private boolean draining;
  private final List<ClientConn> clients = new ArrayList<>();

  ServerPool(Context context, int index, PoolConf conf) {
    this.context = context;
    this.index = index;
    this.conf = conf;
    this.stats = context.stats.pool(index);
    this.errors = new ErrorReplies(conf.redis(), context.settings.memory().replyBytes());
    this.limits =
        Limits.forMbufSize(context.settings.mbufBytes()).keeping(context.memory.longestRequest());
    this.requests = new RequestForwarder(this);
    this.responses = new ResponseForwarder(this);
    this.timeoutNanos = conf.timeoutMillis() * 1_000_000L;
    this.draws = context.settings.seed() + index;
    MemoryCalls memory = context.kernel.memory();
    this.keyScratch = memory.map(Math.max(context.settings.mbufBytes(), 4096));
    for (int i = 0; i < conf.servers().size(); i++) {
      servers.add(new Server(this, i, conf.servers().get(i), context.stats.server(index, i)));
    }
    this.loads = i -> servers.get(i).outstanding();

    this.listener = new ProxyConn(this);
    rebuild(0);
  }

  /// The pool's configuration.
  public PoolConf conf() {
    return conf;
  }

  /// The address that is listened on.
  public Address address() {
    return listener.address();
  }

  void listen() throws Transport.ListenException {
    listener.listen();
  }

  void preconnect() {
    if (conf.preconnect()) {
      servers.forEach(server -> server.firstConnection().open());
    }
  }

  RequestParser newRequestParser() {
    return conf.redis() ? new RedisRequestParser(limits) : new MemcacheRequestParser(limits);
  }

  ReplyParser newReplyParser() {
    return conf.redis() ? new RedisReplyParser() : new MemcacheReplyParser();
  }

  Server server(int i) {
    return servers.get(i);
  }

  int serverCount() {
    return servers.size();
  }

  /// When a request that is queued now times out.
  long deadline() {
    return timeoutNanos == 0 ? Long.MAX_VALUE : context.loop.now() + timeoutNanos;
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  /// The ring that a request uses from its first key to its last; C counterpart
  /// `server_pool_update`, which may change the ring between two fragments of one request.
  KeyRouter router() {
    if (rebuildAt <= context.loop.now()) {
      rebuild(context.loop.now());
    }
    return router;
  }

  /// A server was ejected.
  void ejected() {
    stats.add(PoolField.SERVER_EJECTS, 1);
    rebuild(context.loop.now());
  }

  private void rebuild(long now) {
    List<Node> nodes = new ArrayList<>();
    rebuildAt = Long.MAX_VALUE;
    for (Server server : servers) {
      boolean live = server.live(now);
      if (live) {
        server.readmitted();
      }
      rebuildAt = Math.min(rebuildAt, server.retryAt());
      nodes.add(new Node(server.index, server.conf.name(), server.conf.weight(), live));
    }
    router =
        new KeyRouter(
            conf.hash(),
            conf.hashTag().orElse(null),
            conf.distribution().build(nodes),
            servers.size());
  }

  /// A number for the distribution `random`; the same for all keys of a request. (A linear
  /// congruential generator: C's `random()`, seeded once, is no better.)
  int draw() {
    draws = draws * 6364136223846793005L + 1442695040888963407L;
    return (int) (draws >>> 32);
  }

  /// The index of the server of a key, or -1 if none is live.
  int route(KeyRouter ring, MbufChain request, int keyStart, int keyEnd, int drawn) {
    int length = keyEnd - keyStart;
    if (length == 0) {
      return ring.route(keyScratch, 0, 0, loads, drawn);
    }
    int range = request.rangeOf(keyStart, keyEnd);
    if (range >= 0) {
      return ring.route(
          request.mbuf(range).segment(),
          request.segmentOffset(range, keyStart),
          length,
          loads,
          drawn);
    }
    request.copy(keyStart, keyEnd, keyScratch, 0);
    return ring.route(keyScratch, 0, length, loads, drawn);
  }

  /// The same for a key that lies in one piece.
  int route(KeyRouter ring, MemorySegment memory, long offset, int length, int drawn) {
    return ring.route(memory, offset, length, loads, drawn);
  }

  /// The index of the server for a request without a key, or -1 if none is live.
  int routeKeyless(KeyRouter ring, int drawn) {
    return ring.route(PLACEHOLDER, 0, PLACEHOLDER.length, loads, drawn);
  }

  /// Whether one more client is let in.
  boolean admits() {
    return conf.clientConnections() == 0 || clients.size() < conf.clientConnections();
  }

  void clientOpened(ClientConn client) {
    client.register(clients.size());
    clients.add(client);
    stats.add(PoolField.CLIENT_CONNECTIONS, 1);
    context.stats.connectionOpened();
  }

  /// The last one takes the place of the one that goes.
  void clientClosed(int place) {
    ClientConn last = clients.removeLast();
    if (place < clients.size()) {
      clients.set(place, last);
      last.register(place);
    }
    stats.add(PoolField.CLIENT_CONNECTIONS, -1);
    context.stats.connectionClosed();
  }

  /// How many clients there are.
  int clientCount() {
    return clients.size();
  }

  /// A client, by its place.
  ClientConn client(int i) {
    return clients.get(i);
  }

  /// Has every client wait, if there is no memory left; see [WaitingClients].
  void waitIfExhausted() {
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).waitIfExhausted();
    }
  }

  /// Ends a period of every queue of requests; see [twemlab.proxy.message.IdleMemory].
  void trim() {
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).trim();
    }
    for (Server server : servers) {
      server.trim();
    }
  }

  /// Clients connected now.
  int clients() {
    return clients.size();
  }

  /// Connections to servers that exist.
  int serverChannels() {
    int sum = 0;
    for (Server server : servers) {
      sum += server.channels();
    }
    return sum;
  }

  /// Whether a client is connected, or a server owes an answer.
  boolean busy() {
    for (int i = 0; i < servers.size(); i++) {
      if (servers.get(i).unanswered() > 0) {
        return true;
      }
    }
    return !clients.isEmpty();
  }

  void stopListening() {
    listener.close();
  }

  /// The orderly end: clients that wait by now are accepted, and of each client is read what has
  /// arrived; it is closed when it has its last reply.
  public void drain() {
    draining = true;
    listener.finish();
    for (ClientConn client : List.copyOf(clients)) {
      client.readRest();
    }
  }

  /// Whether a client that comes now is the last of its kind.
  boolean draining() {
    return draining;
  }

  /// Gives back what lies outside the loop; the connections are the loop's to close.
  void close() {
    context.kernel.memory().unmap(keyScratch);
  }

  void endTurn() {
    for (int i = 0; i < servers.size(); i++) {
      servers.get(i).endTurn();
    }
  }

  @Override
  public boolean redis() {
    return conf.redis();
  }

  @Override
  public boolean divide(Division division, int keys) {
    return requests.divide(division, keys);
  }

  @Override
  public boolean gather(Division division, int keys) {
    return responses.gather(division, keys);
  }
}
