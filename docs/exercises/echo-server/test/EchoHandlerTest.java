package twemlab.exercise.echoserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.Channel;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Transports;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.mbuf.MbufPool;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Settings;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.World;

final class EchoHandlerTest {
  private static final Address ADDRESS = Address.loopback(7);
  private static final int TURNS_MAX = 20_000;

  private World world;
  private SimKernel kernel;
  private EventLoop loop;
  private MbufPool pool;
  private SimHost clients;
  private long mostPending;
  private final List<Channel> channels = new ArrayList<>();

  private void open(Backend backend, Settings settings) {
    Platform platform =
        switch (backend) {
          case EventBases.KQUEUE -> Platform.FREEBSD;
          case EventBases.EVENT_PORTS -> Platform.ILLUMOS;
          default -> Platform.LINUX_X64;
        };
    world = new World(settings.withPlatform(platform), new SeededChoices(42));
    kernel = new SimKernel(world, "echo");
    pool = new MbufPool(kernel.memory(), 4_096);
    TimerWheel timers = new TimerWheel(kernel.clock().monotonicNanos());
    loop = new EventLoop(kernel.clock(), backend.open(kernel, 64, pool, timers), timers, 100);
    clients = world.host("clients");
    try {
      loop.transport().listen(ADDRESS, Transport.ListenOptions.DEFAULT, this::accepted);
    } catch (Transport.ListenException e) {
      throw new AssertionError(e);
    }
  }

  private Channel.Handler accepted(Channel channel) {
    channels.add(channel);
    return new EchoHandler();
  }

  private void turn() {
    loop.runOnce();
    for (Channel channel : channels) {
      mostPending = Math.max(mostPending, channel.pendingBytes());
    }
    channels.removeIf(channel -> !channel.open());
  }

  private void run(Client client) {
    for (int i = 0; i < TURNS_MAX && !client.over(); i++) {
      turn();
    }
  }

  /// When the clients have gone, nothing is left but the listener.
  private void assertNothingIsLeft() {
    world.faults().stop();
    for (int i = 0; i < 200 && loop.transport().openCount() > 1; i++) {
      turn();
    }
    assertThat(loop.transport().openCount()).as("channels, one of them the listener").isEqualTo(1);
    int held = loop.transport().counts().mbufsHeld;
    assertThat(pool.used() - held).as("mbufs in use by nobody").isZero();
    loop.close();
    kernel.close();
  }

  /// Sends bytes, ends, and keeps what comes back.
  private static final class Client implements EndpointHandler {
    private final byte[] bytes;
    private int got;
    private int wrong;
    private boolean ended;
    private Errno failure;

    Client(int count) {
      bytes = new byte[count];
      for (int i = 0; i < count; i++) {
        bytes[i] = (byte) (i * 31 + (i >> 8));
      }
    }

    boolean over() {
      return ended || failure != null;
    }

    @Override
    public void connected(SimEndpoint endpoint) {
      endpoint.send(bytes);
      endpoint.halfClose();
    }

    @Override
    public void bytes(SimEndpoint endpoint, byte[] more) {
      for (byte each : more) {
        wrong += got < bytes.length && bytes[got] == each ? 0 : 1;
        got++;
      }
    }

    @Override
    public void end(SimEndpoint endpoint) {
      ended = true;
      endpoint.close();
    }

    @Override
    public void failed(SimEndpoint endpoint, Errno errno) {
      failure = errno;
    }

    void assertEchoed() {
      assertThat(failure).as("how the connection failed").isNull();
      assertThat(got).as("bytes that came back").isEqualTo(bytes.length);
      assertThat(wrong).as("wrong bytes").isZero();
      assertThat(ended).as("whether the server has ended the connection").isTrue();
    }
  }

  @Test
  void aFewBytesComeBack() {
    open(EventBases.EPOLL, Settings.linux());
    Client client = new Client(5);
    clients.connect(ADDRESS, client);
    run(client);
    client.assertEchoed();
    assertNothingIsLeft();
  }

  @ParameterizedTest(name = "on {0}: the kernel takes a part of what is written, or nothing")
  @EnumSource
  void partialWrites(EventBases base) {
    open(base, Settings.linux().withBuffers(8_192, 8_192).withSegments(1_460, 1_000));
    world.faults().rate(Fault.PARTIAL_WRITE, 5_000);
    world.faults().rate(Fault.EAGAIN_ON_WRITE, 2_000);
    List<Client> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(new Client(20_000 + i));
      clients.connect(ADDRESS, all.get(i));
    }
    all.forEach(this::run);
    all.forEach(Client::assertEchoed);
    assertThat(loop.transport().counts().shortSends).as("short sends").isPositive();
    assertNothingIsLeft();
  }

  @Test
  void itIsTheSameOverCompletions() {
    open(Transports.IO_URING, Settings.linux().withBuffers(8_192, 8_192));
    Client client = new Client(100_000);
    clients.connect(ADDRESS, client);
    run(client);
    client.assertEchoed();
    assertNothingIsLeft();
  }

  /// A client that sends four megabytes and reads nothing does not cost four megabytes.
  @Test
  void whoDoesNotReadIsNotReadFrom() {
    open(EventBases.EPOLL, Settings.linux().withBuffers(16_384, 16_384));
    Client client = new Client(4 << 20);
    SimEndpoint endpoint = clients.connect(ADDRESS, client);
    endpoint.pause();
    for (int i = 0; i < 500; i++) {
      turn();
    }
    assertThat(mostPending).as("bytes that wait to be sent").isLessThan(1 << 20);
    endpoint.resume();
    run(client);
    client.assertEchoed();
    assertNothingIsLeft();
  }

  @Test
  void aResetConnectionLeavesNothing() {
    open(EventBases.EPOLL, Settings.linux());
    SimEndpoint endpoint =
        clients.connect(
            ADDRESS,
            new EndpointHandler() {
              @Override
              public void connected(SimEndpoint self) {
                self.send(new byte[50_000]);
              }
            });
    clients.after(400_000, endpoint::reset);
    for (int i = 0; i < 50; i++) {
      turn();
    }
    assertNothingIsLeft();
  }
}
