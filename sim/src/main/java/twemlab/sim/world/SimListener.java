package twemlab.sim.world;

import java.util.function.Supplier;
import twemlab.event.kernel.Address;

/// An actor that accepts connections.
public final class SimListener implements SimFile.Watcher {
  private final World world;
  private final StreamSocket socket;
  private final Supplier<EndpointHandler> handlers;
  private boolean closed;
  private boolean paused;
  private boolean scheduled;

  SimListener(World world, StreamSocket socket, Supplier<EndpointHandler> handlers) {
    this.world = world;
    this.socket = socket;
    this.handlers = handlers;
    socket.retain();
    socket.watch(this);
  }

  /// Where it listens; the port is the one that was chosen.
  public Address address() {
    return socket.local;
  }

  /// Accepts no more, so that connections fill the queue.
  public void pause() {
    paused = true;
  }

  /// Accepts again.
  public void resume() {
    paused = false;
    wake(0);
  }

  /// Listens no more: waiting connections are reset, later ones are refused. Accepted ones live on.
  public void close() {
    if (!closed) {
      closed = true;
      socket.unwatch(this);
      socket.drop();
    }
  }

  @Override
  public void wake(int key) {
    if (!scheduled && !closed) {
      scheduled = true;
      world.scheduler().after(0, this::acceptAll);
    }
  }

  @Override
  public void fileClosed() {
    closed = true;
  }

  private void acceptAll() {
    scheduled = false;
    while (!closed && !paused && socket.pendingConnections() > 0) {
      SimEndpoint.accepted(world, socket.accept(), handlers.get());
    }
  }
}
