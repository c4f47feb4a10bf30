package twemlab.sim.world;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;

/// An actor's end of a connection: a simulated socket without system calls around it.
///
/// Bytes that the socket's buffer does not take wait here, without limit, and follow when there is
/// room; bytes are read as they arrive, unless reading is paused.
public final class SimEndpoint implements SimFile.Watcher {
  private final World world;
  private final StreamSocket socket;
  private final EndpointHandler handler;
  private final ByteQueue waiting = new ByteQueue();

  /// Why writing failed, until everything that had arrived is read.
  private Errno failure;

  private long sent;
  private boolean connected;
  private boolean paused;
  private boolean ended;
  private boolean endWanted;
  private boolean closeWanted;
  private boolean closed;
  private boolean scheduled;

  private SimEndpoint(World world, StreamSocket socket, EndpointHandler handler) {
    this.world = world;
    this.socket = socket;
    this.handler = handler;
    socket.retain();
    socket.watch(this);
  }

  /// Starts to connect; the handler hears of the outcome.
  static SimEndpoint connect(
      World world, StreamSocket socket, Address to, EndpointHandler handler) {
    SimEndpoint endpoint = new SimEndpoint(world, socket, handler);
    int result = socket.connect(to);
    if (result < 0 && result != Errno.EINPROGRESS.result()) {
      socket.error = Errno.of(result);
    }
    endpoint.wake(0);
    return endpoint;
  }

  static SimEndpoint accepted(World world, StreamSocket socket, EndpointHandler handler) {
    SimEndpoint endpoint = new SimEndpoint(world, socket, handler);
    endpoint.wake(0);
    return endpoint;
  }

  // --- what the actor does

  /// Sends bytes after those that were sent before. After a close or a failure they are dropped.
  public void send(byte[] bytes) {
    if (!closed && !endWanted && !closeWanted && failure == null) {
      waiting.add(bytes);
      sent += bytes.length;
      push();
    }
  }

  /// Sends the end of the stream after everything else; reading goes on.
  public void halfClose() {
    endWanted = true;
    push();
  }

  /// Closes when everything is sent. Nothing is reported any more.
  public void close() {
    closeWanted = true;
    push();
  }

  /// Closes at once, as a process does that ends: what the socket has not taken is dropped. (With
  /// [#close], one that reads no more may wait for ever for a peer that waits for it to read.)
  public void vanish() {
    if (!closed) {
      finish();
    }
  }

  /// Breaks the connection at once: the peer is reset.
  public void reset() {
    if (!closed) {
      socket.abort();
      finish();
    }
  }

  /// Reads no more, so that the peer's bytes fill the buffer and then wait at the peer.
  public void pause() {
    paused = true;
  }

  /// Reads again, first what arrived meanwhile.
  public void resume() {
    paused = false;
    wake(0);
  }

  /// Bytes that were sent and that the socket has not taken yet.
  public int pendingBytes() {
    return waiting.size();
  }

  /// Bytes that were sent and have arrived at the peer's socket, read or not.
  public long arrivedBytes() {
    return sent - waiting.size() - socket.onTheWay();
  }

  /// Whether it is connected, and neither closed nor failed.
  public boolean open() {
    return connected && !closed;
  }

  public Address localAddress() {
    return socket.local;
  }

  public Address peerAddress() {
    return socket.peer;
  }

  // --- what the socket does

  /// The socket may have changed: the actor looks in an event of its own.
  @Override
  public void wake(int key) {
    if (!scheduled && !closed && key != Ready.SPACE) {
      scheduled = true;
      world.scheduler().after(0, this::look);
    }
  }

  @Override
  public void fileClosed() {
    closed = true;
  }

  private void look() {
    scheduled = false;
    if (closed) {
      return;
    }
    if (!connected && !connectEnded()) {
      return;
    }
    if (!closed && !paused && !closeWanted) {
      readAll();
    }
    if (!closed) {
      push();
    }
  }

  private boolean connectEnded() {
    if (socket.error != null) {
      fail(Errno.of(socket.takeError(Errno.UNKNOWN)));
      return true;
    }
    if (!socket.connected()) {
      return false;
    }
    connected = true;
    world.trace().add(socket, Trace.Kind.ACTOR, 0, null);
    handler.connected(this);
    return true;
  }

  private void readAll() {
    int available = socket.received.size();
    if (available > 0) {
      byte[] bytes = socket.received.take(available);
      socket.consumed(available);
      handler.bytes(this, bytes);
    }
    if (closed || closeWanted || paused || !socket.received.isEmpty()) {
      return;
    }
    if (socket.error != null || failure != null) {
      fail(failure != null ? failure : Errno.of(socket.takeError(Errno.UNKNOWN)));
    } else if (socket.receiveShut && !ended) {
      ended = true;
      handler.end(this);
    }
  }

  private void push() {
    if (closed || !connected || failure != null) {
      if (closeWanted && !closed) {
        finish();
      }
      return;
    }
    while (!waiting.isEmpty()) {
      int accepted = socket.admit(waiting.size());
      if (accepted == Errno.EAGAIN.result()) {
        return;
      }
      if (accepted < 0) {
        failWriting(Errno.of(accepted));
        return;
      }
      socket.append(MemorySegment.ofArray(waiting.take(accepted)), 0, accepted);
      socket.flush();
    }
    if (closeWanted) {
      finish();
    } else if (endWanted && !socket.sendShut) {
      socket.shutdown(1);
    }
  }

  private void failWriting(Errno errno) {
    waiting.clear();
    if (closeWanted) {
      finish();
    } else {
      failure = errno; // what has arrived can still be read
      wake(0);
    }
  }

  private void fail(Errno errno) {
    finish();
    world.trace().add(socket, Trace.Kind.ACTOR, errno.result(), null);
    handler.failed(this, errno);
  }

  private void finish() {
    closed = true;
    waiting.clear();
    socket.unwatch(this);
    socket.drop();
  }
}
