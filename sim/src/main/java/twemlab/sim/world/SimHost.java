package twemlab.sim.world;

import java.util.function.Supplier;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;

/// Where actors live: the clients and servers around the process under test. They are plain objects
/// that are called by scheduled events, and reach the network without system calls.
public final class SimHost {
  private final World world;
  private final String name;

  SimHost(World world, String name) {
    this.world = world;
    this.name = name;
  }

  /// Listens; each connection gets a handler of its own.
  ///
  /// @throws IllegalStateException if the address is taken
  public SimListener listen(Address address, int backlog, Supplier<EndpointHandler> handlers) {
    StreamSocket socket = socketFor(address);
    int result = socket.bind(address);
    if (result == 0) {
      result = socket.listen(backlog);
    }
    if (result != 0) {
      throw new IllegalStateException(
          name + " cannot listen on " + address + ": " + Errno.of(result).text());
    }
    return new SimListener(world, socket, handlers);
  }

  /// Connects; the handler hears of success or failure later.
  public SimEndpoint connect(Address address, EndpointHandler handler) {
    return SimEndpoint.connect(world, socketFor(address), address, handler);
  }

  /// Lets something happen `nanos` from now.
  public Scheduler.Event after(long nanos, Runnable action) {
    return world.scheduler().after(nanos, action);
  }

  private StreamSocket socketFor(Address address) {
    int domain = address.family(world.settings().platform());
    return domain == Platform.AF_UNIX
        ? new UnixSocket(world, name)
        : new TcpSocket(world, name, domain);
  }

  @Override
  public String toString() {
    return name;
  }
}
