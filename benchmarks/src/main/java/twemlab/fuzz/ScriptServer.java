package twemlab.fuzz;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.ServerModel;
import twemlab.sim.model.memcached.MemcachedModel;
import twemlab.sim.model.redis.RedisModel;
import twemlab.sim.workload.ReplyFramer;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.SimListener;

/// A server of a script: a reference model that answers at once, unless it is told to do something
/// else.
final class ScriptServer {
  private static final int BACKLOG = 128;

  /// What a script may ask for at once, and altogether: a request of some kilobytes for a value of
  /// as many can have a reply of gigabytes, which would be the server's memory, not the proxy's.
  private static final int REPLY_BYTES_MAX = 16 << 20;

  private static final int ALL_BYTES_MAX = 64 << 20;

  private final SimHost host;
  private final Address address;
  private final ServerModel model;
  private final WireProtocol protocol;
  private final LongSupplier millis;
  private final List<Connection> open = new ArrayList<>();
  private SimListener listener;
  private boolean holding;
  private boolean paused;
  private long replyBytes;

  /// The script asks for more than a server can hold. That is no finding.
  static final class TooMuch extends Error {
    private static final long serialVersionUID = 1;

    TooMuch(Throwable cause) {
      super("the replies of a server would not fit its memory", cause);
    }
  }

  ScriptServer(SimHost host, Address address, ScriptSetup setup, LongSupplier millis) {
    this.host = host;
    this.address = address;
    this.millis = millis;
    this.protocol = setup.redis() ? WireProtocol.REDIS : WireProtocol.MEMCACHED;
    this.model = setup.redis() ? new RedisModel(setup.password()) : new MemcachedModel();
    listen();
  }

  /// Everything is as at the start, but for what the model holds.
  void listen() {
    if (listener == null) {
      listener = host.listen(address, BACKLOG, Connection::new);
    }
    if (paused) {
      paused = false;
      each(connection -> connection.endpoint.resume());
    }
  }

  void refuse() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }

  void pause() {
    paused = true;
    each(connection -> connection.endpoint.pause());
  }

  void hold() {
    holding = true;
  }

  /// @param count of each connection; 0 for all, and no more are held back
  void answer(int count) {
    holding &= count > 0;
    each(connection -> connection.answer(count == 0 ? Integer.MAX_VALUE : count));
  }

  void say(byte[] bytes) {
    each(
        connection -> {
          connection.held.poll();
          connection.endpoint.send(bytes);
        });
  }

  void hangUp() {
    each(Connection::close);
  }

  void reset() {
    each(
        connection -> {
          connection.endpoint.reset();
          open.remove(connection);
        });
  }

  private void each(Consumer<Connection> action) {
    List.copyOf(open).forEach(action);
  }

  /// One connection of the proxy.
  private final class Connection implements EndpointHandler {
    private final ServerModel.Session session = model.connect();
    private final ReplyFramer replies = new ReplyFramer(protocol);
    private final Queue<byte[]> held = new ArrayDeque<>();
    private SimEndpoint endpoint;

    @Override
    public void connected(SimEndpoint connected) {
      session.limitReplies(REPLY_BYTES_MAX);
      endpoint = connected;
      open.add(this);
      if (paused) {
        endpoint.pause();
      }
    }

    @Override
    public void bytes(SimEndpoint from, byte[] bytes) {
      receive(bytes);
      for (byte[] reply = replies.next(); reply != null; reply = replies.next()) {
        held.add(reply);
      }
      if (!holding) {
        answer(Integer.MAX_VALUE);
      }
      if (session.closed()) {
        close();
      }
    }

    private void receive(byte[] bytes) {
      try {
        session.receive(bytes, 0, bytes.length, this::take, millis.getAsLong());
      } catch (ReplyBuffer.Full e) {
        throw new TooMuch(e);
      }
    }

    private void take(byte[] reply, int from, int to) {
      replyBytes += to - from;
      if (replyBytes > ALL_BYTES_MAX) {
        throw new TooMuch(null);
      }
      replies.append(reply, from, to);
    }

    void answer(int count) {
      for (int i = 0; i < count && !held.isEmpty(); i++) {
        endpoint.send(held.poll());
      }
    }

    void close() {
      endpoint.close();
      open.remove(this);
    }

    @Override
    public void end(SimEndpoint from) {
      close();
    }

    @Override
    public void failed(SimEndpoint from, Errno errno) {
      open.remove(this);
    }
  }
}
