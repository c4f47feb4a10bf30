package twemlab.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.choice.Choices;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.ServerModel;
import twemlab.sim.model.memcached.MemcachedModel;
import twemlab.sim.model.redis.RedisModel;
import twemlab.sim.oracle.AllowedErrors;
import twemlab.sim.oracle.PoolOracle;
import twemlab.sim.oracle.Violation;
import twemlab.sim.scenario.ServerFault;
import twemlab.sim.workload.ReplyFramer;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.SimListener;
import twemlab.sim.world.World;

/// A server of the simulated world: a reference model behind a listening host, which takes a drawn
/// time to answer and now and then does one of the [ServerFault]s.
final class ServerActor {
  /// Answers come between at once and after so many nanoseconds.
  private static final int SERVICE_NANOS_MAX = 200_000;

  private static final int MILLISECOND = 1_000_000;
  private static final byte[] NO_REPLY = "?what\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final World world;
  private final SimHost host;
  private final Address address;
  private final PoolOracle pool;
  private final int index;
  private final ServerModel model;
  private final Choices choices;
  private final Odds<ServerFault> odds;
  private final List<Connection> open = new ArrayList<>();
  private SimListener listener;
  private long bytesReceived;
  private long bytesSent;
  private boolean down;
  private int restarts;

  ServerActor(
      World world,
      PoolOracle pool,
      int index,
      Address address,
      Odds<ServerFault> odds,
      Choices choices) {
    this.world = world;
    this.pool = pool;
    this.index = index;
    this.address = address;
    this.odds = odds;
    String name = pool.pool().conf().name() + "-server" + (index + 1);
    this.host = world.host(name);
    this.choices = choices.stream(name);
    this.model =
        pool.pool().conf().redis()
            ? new RedisModel(pool.pool().conf().redisAuth().orElse(null))
            : WireProtocol.MEMCACHED.model();
    listen();
  }

  private void listen() {
    down = false;
    if (listener == null) {
      listener = host.listen(address, 128, Connection::new);
    } else {
      listener.resume();
    }
  }

  /// Bytes that reached this server.
  long bytesReceived() {
    return bytesReceived;
  }

  /// Bytes that this server sent.
  long bytesSent() {
    return bytesSent;
  }

  /// Every key here must be this server's, and in the pool's database.
  void checkKeys() {
    switch (model) {
      case RedisModel redis -> {
        int wanted = pool.pool().conf().redisDb();
        for (int database = 0; database < RedisModel.DATABASES; database++) {
          if (database != wanted && redis.database(database).size() > 0) {
            throw new Violation("set-up: database " + database + " holds keys, not " + wanted);
          }
        }
        pool.checkOwner(index, redis.database(wanted).keys());
      }
      case MemcachedModel memcached -> pool.checkOwner(index, memcached.keys());
      default -> throw new IllegalStateException("no such model");
    }
  }

  /// The process ends and starts again. A unix socket's name outlives it, so only its queue stands
  /// still meanwhile.
  private void restart() {
    if (down) {
      return;
    }
    down = true;
    restarts++;
    switch (model) {
      case RedisModel redis -> redis.clear();
      case MemcachedModel memcached -> memcached.clear();
      default -> throw new IllegalStateException("no such model");
    }
    for (Connection connection : List.copyOf(open)) {
      connection.endpoint.reset();
      connection.gone();
    }
    if (address instanceof Address.Inet) {
      listener.close();
      listener = null;
    } else {
      listener.pause();
    }
    pool.restarted(index);
    world
        .scheduler()
        .after((long) MILLISECOND * odds.below(ServerFault.RESTART, 500), this::listen);
  }

  /// Ends the connections on which nothing is answered any more.
  void heal() {
    for (Connection connection : List.copyOf(open)) {
      if (connection.mute) {
        connection.endpoint.reset();
        connection.gone();
      }
    }
  }

  private long nowMillis() {
    return world.settings().wallMillis() + world.scheduler().now() / MILLISECOND;
  }

  /// One connection: its answers leave in order, each not before its time.
  private final class Connection implements EndpointHandler {
    private final ServerModel.Session session = model.connect();
    private final ReplyFramer replies = new ReplyFramer(pool.pool().workload().protocol());
    private SimEndpoint endpoint;
    private long busyUntil;
    private long sendFrom;
    private int waiting;
    private boolean mute;

    /// Replies to requests that came together mostly leave together.
    private final ReplyBuffer gathered = new ReplyBuffer();

    private boolean gathering;

    /// Requests that were answered before they were complete.
    private int answeredEarly;

    private boolean gone;

    @Override
    public void connected(SimEndpoint connected) {
      endpoint = connected;
      open.add(this);
      if (restarts > 0) {
        pool.count("restarted server used");
      }
    }

    @Override
    public void bytes(SimEndpoint from, byte[] bytes) {
      bytesReceived += bytes.length;
      later(choices.below(SERVICE_NANOS_MAX), () -> answer(bytes));
    }

    /// Everything at a connection happens in order.
    private void later(long nanos, Runnable action) {
      busyUntil = Math.max(busyUntil, world.scheduler().now()) + nanos;
      world
          .scheduler()
          .at(
              busyUntil,
              () -> {
                if (!gone) {
                  action.run();
                }
              });
    }

    /// What leaves the server leaves in order, behind what is late.
    private void inOrder(long nanos, Runnable action) {
      long now = world.scheduler().now();
      sendFrom = Math.max(sendFrom, now) + nanos;
      if (waiting == 0 && sendFrom == now) {
        action.run();
        return;
      }
      waiting++;
      world
          .scheduler()
          .at(
              sendFrom,
              () -> {
                waiting--;
                if (!gone) {
                  action.run();
                }
              });
    }

    private void answer(byte[] bytes) {
      gathering = !choices.chance(1, 16);
      session.receive(
          bytes,
          0,
          bytes.length,
          (reply, from, to) -> replies.append(reply, from, to),
          nowMillis());
      for (byte[] reply = replies.next(); reply != null && !gone; reply = replies.next()) {
        if (answeredEarly > 0) {
          answeredEarly--;
        } else if (!mute) {
          reply(reply);
        }
      }
      if (!gone && !mute && answeredEarly == 0 && session.partial()) {
        answerEarly();
      }
      sendGathered();
      if (!gone && session.closed()) {
        inOrder(0, this::close);
      }
    }

    private void answerEarly() {
      if (odds.fires(ServerFault.EARLY)) {
        answeredEarly++;
        byte[] error = error(ServerFault.EARLY);
        inOrder(0, () -> send(error));
      }
    }

    private void reply(byte[] reply) {
      if (odds.fires(ServerFault.RESTART)) {
        restart();
      } else if (odds.fires(ServerFault.RESET)) {
        endpoint.reset();
        gone();
      } else if (odds.fires(ServerFault.CLOSE_MIDDLE)) {
        byte[] part = Arrays.copyOf(reply, odds.below(ServerFault.CLOSE_MIDDLE, reply.length));
        mute = true;
        inOrder(0, () -> send(part));
        inOrder(0, this::close);
      } else if (odds.fires(ServerFault.NEVER)) {
        mute = true;
      } else if (odds.fires(ServerFault.WRONG)) {
        inOrder(0, () -> send(NO_REPLY));
        mute = true;
      } else if (odds.fires(ServerFault.ERROR_REPLY)) {
        byte[] error = error(ServerFault.ERROR_REPLY);
        inOrder(0, () -> send(error));
      } else {
        rightReply(reply);
      }
    }

    private void rightReply(byte[] reply) {
      if (odds.fires(ServerFault.LATE)) {
        sendFrom =
            Math.max(sendFrom, world.scheduler().now())
                + (long) MILLISECOND * odds.below(ServerFault.LATE, 2_000);
      }
      inOrder(0, () -> send(reply));
      if (odds.fires(ServerFault.IDLE_CLOSE)) {
        inOrder(0, this::close);
        mute = true;
      } else if (odds.fires(ServerFault.STRAY)) {
        // Whatever it is paired with by now: nothing follows that could be shifted.
        mute = true;
        inOrder((long) MILLISECOND * odds.below(ServerFault.STRAY, 5), this::stray);
      }
    }

    private void stray() {
      send(error(ServerFault.STRAY));
    }

    private byte[] error(ServerFault kind) {
      List<String> lines = AllowedErrors.ofServers(pool.pool().conf().redis());
      return lines.get(odds.below(kind, lines.size())).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void send(byte[] bytes) {
      bytesSent += bytes.length;
      if (gathering) {
        gathered.append(bytes);
      } else {
        endpoint.send(bytes);
      }
    }

    private void sendGathered() {
      gathering = false;
      if (gathered.size() > 0 && !gone) {
        endpoint.send(gathered.toByteArray());
      }
      gathered.clear();
    }

    private void close() {
      sendGathered();
      endpoint.close();
      gone();
    }

    private void gone() {
      gone = true;
      open.remove(this);
    }

    @Override
    public void end(SimEndpoint from) {
      later(0, () -> inOrder(0, this::close));
    }

    @Override
    public void failed(SimEndpoint from, Errno errno) {
      gone();
    }
  }
}
