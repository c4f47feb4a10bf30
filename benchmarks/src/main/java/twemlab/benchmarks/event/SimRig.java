package twemlab.benchmarks.event;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Platform;
import twemlab.proxy.Context;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.process.Instance;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.Settings;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.World;

/// The whole proxy on a simulated kernel, between scripted clients and a scripted server.
public final class SimRig implements AutoCloseable {
  private static final byte[] REQUEST = ascii("*2\r\n$3\r\nGET\r\n$5\r\nkey:1\r\n");
  private static final byte[] REPLY = ascii("$5\r\nvalue\r\n");
  private static final Address.Inet SERVER = Address.inet(new byte[] {10, 0, 0, 1}, 6379);
  private static final int PORT = 22121;
  private static final String CONF =
      "sim:\n  listen: 127.0.0.1:22121\n  redis: true\n  servers:\n   - 10.0.0.1:6379:1\n";

  private final SimKernel kernel;
  private final Instance proxy;
  private final SimHost host;
  private final List<SimEndpoint> clients;
  private long replyBytes;

  SimRig(String backend, int clients) throws IOException {
    Backend chosen =
        Backends.all().stream()
            .filter(each -> each.backend().equals(backend))
            .findFirst()
            .orElseThrow();
    World world = world(chosen);
    world.host("server").listen(SERVER, 512, Server::new);
    kernel = new SimKernel(world, "proxy");
    Log silent = new Log((_, _) -> {}, LogLevel.of(0), InstantSource.system());
    var settings = new Context.Settings(16 << 10, 1, Integer.MAX_VALUE);
    try {
      proxy = Instance.open(kernel, chosen, 30_000, ConfFile.parse("sim", CONF), settings, silent);
    } catch (ConfException | Transport.ListenException e) {
      throw new IOException(e);
    }
    host = world.host("clients");
    this.clients =
        IntStream.range(0, clients)
            .mapToObj(_ -> host.connect(Address.loopback(PORT), new Client()))
            .toList();
    roundTrip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// The backends that a simulated platform has.
  public static List<String> backends() {
    return Backends.all().stream()
        .filter(each -> platforms(each).findAny().isPresent())
        .map(Backend::backend)
        .toList();
  }

  private static Stream<Platform> platforms(Backend backend) {
    return Stream.of(Platform.LINUX_X64, Platform.FREEBSD, Platform.ILLUMOS)
        .filter(platform -> backend.availableOn(new SimKernel(world(platform), "probe")));
  }

  private static World world(Backend backend) {
    return world(platforms(backend).findFirst().orElseThrow());
  }

  private static World world(Platform platform) {
    return new World(Settings.linux().withPlatform(platform), new SeededChoices(1));
  }

  /// Each client sends a request; the proxy's loop turns until each has its reply.
  void roundTrip() {
    long target = replyBytes + (long) clients.size() * REPLY.length;
    host.after(0, this::sendAll);
    while (replyBytes < target) {
      proxy.loop().runOnce();
    }
  }

  private void sendAll() {
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).send(REQUEST);
    }
  }

  /// Calls of the proxy so far.
  long systemCalls() {
    return kernel.counts().total();
  }

  @Override
  public void close() {
    proxy.close();
    kernel.close();
  }

  /// Answers each request that has come whole.
  private static final class Server implements EndpointHandler {
    private long received;

    @Override
    public void bytes(SimEndpoint endpoint, byte[] bytes) {
      long before = received / REQUEST.length;
      received += bytes.length;
      for (long i = before; i < received / REQUEST.length; i++) {
        endpoint.send(REPLY);
      }
    }
  }

  private final class Client implements EndpointHandler {
    @Override
    public void bytes(SimEndpoint endpoint, byte[] bytes) {
      replyBytes += bytes.length;
    }
  }
}
