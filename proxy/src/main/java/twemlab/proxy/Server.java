package twemlab.proxy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import twemlab.event.kernel.Errno;
import twemlab.protocol.command.Author;
import twemlab.proxy.conf.ServerConf;
import twemlab.proxy.message.Msg;
import twemlab.proxy.message.Requester;
import twemlab.proxy.stats.ServerField;
import twemlab.proxy.stats.ServerStats;

/// A server of a pool: its connections and its health; C counterpart `struct server` (nc_server.h).
final class Server {
  final ServerPool pool;
  final int index;
  final ServerConf conf;
  final ServerStats stats;

  /// Each is made when it is first needed: of a large number most never are.
  private final List<ServerConn> connections = new ArrayList<>(1);

  /// How many clients are pinned to each connection.
  private int[] pins = new int[1];

  private final FailureCount failures = new FailureCount();

  /// When an ejected server is taken back; 0 for one that is not ejected.
  private long retryAt;

  Server(ServerPool pool, int index, ServerConf conf, ServerStats stats) {
    this.pool = pool;
    this.index = index;
    this.conf = conf;
    this.stats = stats;
  }

  /// The connection for a client: the same for all its life, so that its requests to this server
  /// are answered in the order in which they were sent (C counterpart `server_conn`, which takes
  /// turns).
  ServerConn connectionFor(Requester client) {
    if (pool.conf.serverConnections() == 1) {
      return firstConnection();
    }
    int pin = client.serverPins().get(index);
    if (pin < 0) {
      pin = leastPinned();
      pins[pin]++;
      client.serverPins().set(index, pin);
    }
    return connections.get(pin);
  }

  /// The connection with the fewest clients, the first of several: one more is made while each has
  /// a client.
  private int leastPinned() {
    int least = 0;
    for (int i = 1; i < connections.size(); i++) {
      if (pins[i] < pins[least]) {
        least = i;
      }
    }
    boolean allTaken = connections.isEmpty() || pins[least] > 0;
    if (!allTaken || connections.size() == pool.conf.serverConnections()) {
      return least;
    }
    if (connections.size() == pins.length) {
      pins = Arrays.copyOf(pins, pins.length * 2);
    }
    connections.add(new ServerConn(this));
    return connections.size() - 1;
  }

  /// A pinned client has gone.
  void unpin(int pin) {
    pins[pin]--;
  }

  /// The connection that is opened at start with `preconnect`.
  ServerConn firstConnection() {
    if (connections.isEmpty()) {
      connections.add(new ServerConn(this));
    }
    return connections.get(0);
  }

  /// Requests that wait for an answer of this server.
  int outstanding() {
    int sum = 0;
    for (int i = 0; i < connections.size(); i++) {
      sum += connections.get(i).outstanding();
    }
    return sum;
  }

  /// The same without those that were answered with an error when they took too long.
  int unanswered() {
    int sum = 0;
    for (ServerConn connection : connections) {
      sum += connection.unanswered();
    }
    return sum;
  }

  /// Connections that exist, be they made or in the making.
  int channels() {
    int sum = 0;
    for (ServerConn connection : connections) {
      sum += connection.hasChannel() ? 1 : 0;
    }
    return sum;
  }

  /// Ends a period of every queue of requests; see [twemlab.proxy.message.IdleMemory].
  void trim() {
    for (ServerConn connection : connections) {
      connection.trim();
    }
  }

  int failureEpoch() {
    return failures.epoch();
  }

  /// What the reply says about the server's health. The error of a script may be its author's, a
  /// client's: it says nothing.
  void judge(Msg msg) {
    if (!Gatherer.isTransient(msg.errorWord())) {
      succeeded();
    } else if (msg.command.author() == Author.SERVER) {
      saidItCannot(msg.failureEpoch, msg.asker());
    }
  }

  /// A request succeeded: `server_ok`.
  private void succeeded() {
    failures.clear();
  }

  /// A client got a reply that says that the server cannot serve for a while.
  private void saidItCannot(int epoch, Requester client) {
    failures.told(epoch, client);
    ejectIfDue();
  }

  /// Something failed that a request handed over in an epoch shows; counted once for all requests
  /// that were under way together (C counterpart `server_failure`).
  void failed(int epoch) {
    if (epoch == failures.epoch()) {
      failed();
    }
  }

  /// The connection failed, or could not be made.
  void failed() {
    failures.seen();
    ejectIfDue();
  }

  private void ejectIfDue() {
    if (pool.conf.autoEjectHosts() && failures.count() >= pool.conf.serverFailureLimit()) {
      eject();
    }
  }

  private void eject() {
    failures.clear();
    Context context = pool.context;
    retryAt = context.loop.now() + pool.conf.serverRetryTimeoutMillis() * 1_000_000L;
    stats.set(ServerField.SERVER_EJECTED_AT, context.kernel.clock().wallMillis() * 1000);
    if (context.lines.ejections.wanted(context.loop.now())) {
      context.lines.ejections.print(
          "update pool "
              + pool.index
              + " '"
              + pool.conf.name()
              + "' to delete server '"
              + conf.pname()
              + "' for next "
              + pool.conf.serverRetryTimeoutMillis() / 1000
              + " secs");
    }
    pool.ejected();
  }

  /// Whether keys go to this server.
  boolean live(long now) {
    return retryAt == 0 || retryAt <= now;
  }

  /// When it is taken back, or [Long#MAX_VALUE].
  long retryAt() {
    return retryAt == 0 ? Long.MAX_VALUE : retryAt;
  }

  /// It is in the ring again.
  void readmitted() {
    retryAt = 0;
  }

  /// Accounts for the end of a connection.
  void countClose(Errno errno, boolean endOfStream) {
    if (endOfStream) {
      stats.add(ServerField.SERVER_EOF, 1);
    } else if (errno == Errno.ETIMEDOUT) {
      stats.add(ServerField.SERVER_TIMEDOUT, 1);
    } else {
      stats.add(ServerField.SERVER_ERR, 1);
    }
  }

  void endTurn() {
    for (int i = 0; i < connections.size(); i++) {
      connections.get(i).endTurn();
    }
  }
}
