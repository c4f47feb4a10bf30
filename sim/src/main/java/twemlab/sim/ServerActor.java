package twemlab.sim;

import java.util.Arrays;
import twemlab.event.kernel.Address;
import twemlab.sim.kernel.EndpointHandler;
import twemlab.sim.kernel.SimEndpoint;
import twemlab.sim.kernel.SimHost;
import twemlab.sim.kernel.World;

/// A server of the simulated world: a reference model behind a listening host, which takes a drawn
/// time to answer.
final class ServerActor {
  /// Answers come between at once and after so many nanoseconds.
  private static final int SERVICE_NANOS_MAX = 200_000;

  private final World world;
  private final SimHost host;
  private final ServerModel model;
  private final Choices choices;
  private long requestsAnswered;

  ServerActor(World world, String name, Address address, ServerModel model, Choices choices) {
    this.world = world;
    this.host = world.host(name);
    this.model = model;
    this.choices = choices.stream(name);
    host.listen(address, 128, Connection::new);
  }

  /// How many pieces of answers were sent.
  long answers() {
    return requestsAnswered;
  }

  /// One connection: its answers leave in order, each not before its time.
  private final class Connection implements EndpointHandler {
    private final ServerModel.Session session = model.connect();
    private long busyUntil;

    @Override
    public void bytes(SimEndpoint endpoint, byte[] bytes) {
      long now = world.scheduler().now();
      busyUntil = Math.max(busyUntil, now) + choices.below(SERVICE_NANOS_MAX);
      world.scheduler().at(busyUntil, () -> answer(endpoint, bytes));
    }

    private void answer(SimEndpoint endpoint, byte[] bytes) {
      long nowMillis = world.settings().wallMillis() + world.scheduler().now() / 1_000_000;
      session.receive(
          bytes,
          0,
          bytes.length,
          (reply, from, to) -> {
            requestsAnswered++;
            endpoint.send(Arrays.copyOfRange(reply, from, to));
          },
          nowMillis);
      if (session.closed()) {
        endpoint.close();
      }
    }

    @Override
    public void end(SimEndpoint endpoint) {
      world.scheduler().at(busyUntil, endpoint::close);
    }
  }
}
