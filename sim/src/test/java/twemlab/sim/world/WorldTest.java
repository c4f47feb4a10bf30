package twemlab.sim.world;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.Resolver;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.kernel.SimScript;

/// Time, memory, names, limits, and the network's slow paths.
class WorldTest {
  private static final long SECOND = 1_000_000_000L;

  private final SimScript s =
      new SimScript(Settings.linux().withCallNanos(0).withLatency(1_000, 1_000));
  private final World world = s.world;
  private final SimKernel kernel = s.kernel;
  private final EpollCalls epoll = kernel.epoll().orElseThrow();
  private final MemorySegment memory = kernel.memory().map(4_096);
  private final List<String> log = new ArrayList<>();

  /// Says what happens, with the time.
  private final class Talker implements EndpointHandler {
    @Override
    public void connected(SimEndpoint endpoint) {
      say("connected");
    }

    @Override
    public void bytes(SimEndpoint endpoint, byte[] bytes) {
      say(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void end(SimEndpoint endpoint) {
      say("end");
    }

    @Override
    public void failed(SimEndpoint endpoint, Errno errno) {
      say(errno.name());
    }
  }

  private void say(String what) {
    log.add(what + "@" + world.scheduler().now());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  // --- time

  @Test
  void aWaitTakesItsTimeoutOfVirtualTime() {
    int ep = epoll.epollCreate();
    long wall = kernel.clock().wallMillis();
    assertThat(epoll.epollWait(ep, memory, 0, 8, 3_600_000)).isZero();
    assertThat(kernel.clock().monotonicNanos()).isEqualTo(3_600 * SECOND);
    assertThat(kernel.clock().wallMillis() - wall).isEqualTo(3_600_000);
    assertThat(kernel.poll().orElseThrow().poll(memory, 0, 0, 5)).isZero();
    assertThat(kernel.clock().monotonicNanos()).isEqualTo(3_600 * SECOND + 5_000_000);
  }

  @Test
  void aWaitEndsWithTheEventThatItWaitsFor() {
    int[] pair = s.unixPair();
    int ep = epoll.epollCreate();
    memory.set(JAVA_LONG, 0, EpollCalls.EPOLLIN);
    epoll.epollCtl(ep, EpollCalls.EPOLL_CTL_ADD, pair[0], memory, 0);
    world.scheduler().after(7_000, () -> s.write(pair[1], "x"));
    world.scheduler().after(9_000, () -> say("later"));
    assertThat(epoll.epollWait(ep, memory, 0, 8, -1)).isEqualTo(1);
    assertThat(world.scheduler().now()).isEqualTo(7_000);
    assertThat(log).isEmpty();
  }

  @Test
  void waitingForNothingIsADeadlock() {
    int ep = epoll.epollCreate();
    assertThatThrownBy(() -> epoll.epollWait(ep, memory, 0, 8, -1))
        .isInstanceOf(Deadlock.class)
        .hasMessageContaining("script waits for ever");
  }

  @Test
  void callsTakeTimeAndTheWorldGoesOn() {
    World slow =
        new World(Settings.linux().withCallNanos(100), new twemlab.sim.choice.SeededChoices(1));
    SimKernel process = new SimKernel(slow, "process");
    slow.scheduler().at(250, () -> say("meanwhile"));
    process.sockets().socket(Platform.AF_INET);
    process.sockets().socket(Platform.AF_INET);
    assertThat(log).isEmpty();
    process.sockets().socket(Platform.AF_INET);
    assertThat(log).hasSize(1);
    assertThat(slow.scheduler().now()).isEqualTo(300);
  }

  @Test
  void aCompanionNeverLetsTimePass() {
    int[] pair = s.unixPair();
    SimKernel companion = kernel.companion("stats");
    EpollCalls calls = companion.epoll().orElseThrow();
    int ep = calls.epollCreate();
    memory.set(JAVA_LONG, 0, EpollCalls.EPOLLIN);
    assertThat(calls.epollCtl(ep, EpollCalls.EPOLL_CTL_ADD, pair[0], memory, 0)).isZero();
    assertThat(calls.epollWait(ep, memory, 0, 8, -1)).isZero();
    assertThat(kernel.ready(ep)).isFalse();
    s.write(pair[1], "x");
    assertThat(kernel.ready(ep)).isTrue();
    world.scheduler().after(5, () -> log.add("events " + calls.epollWait(ep, memory, 0, 8, -1)));
    world.scheduler().runUntilIdle();
    assertThat(log).containsExactly("events 1");
  }

  // --- memory

  @Test
  void memoryIsZeroAndGoneAfterUnmap() {
    long before = kernel.mappedBytes();
    MemorySegment segment = kernel.memory().map(100);
    assertThat(segment.get(JAVA_BYTE, 99)).isZero();
    assertThat(kernel.mappedBytes() - before).isEqualTo(100);
    kernel.memory().unmap(segment);
    assertThat(kernel.mappedBytes()).isEqualTo(before);
    assertThatThrownBy(() -> segment.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> kernel.memory().unmap(segment)).hasMessageContaining("did not map");
  }

  @Test
  void wildAddressesAreViolations() {
    int[] pair = s.unixPair();
    MemorySegment good = kernel.memory().map(100);
    assertThat(writev(pair[0], good.address() + 90, 10)).isEqualTo(10);
    assertThatThrownBy(() -> writev(pair[0], good.address() + 91, 10))
        .hasMessageContaining("10 bytes that it did not map");
    assertThatThrownBy(() -> writev(pair[0], 4_096, 1)).hasMessageContaining("did not map");
    kernel.memory().unmap(good);
    assertThatThrownBy(() -> writev(pair[0], good.address(), 1)).hasMessageContaining("not map");
    assertThat(writev(pair[0], 1, 0)).isZero();
    assertThat(writev(pair[0], 1, -1)).isEqualTo(Errno.EINVAL.result());
  }

  private int writev(int fd, long address, long length) {
    memory.set(JAVA_LONG, 0, address);
    memory.set(JAVA_LONG, 8, length);
    return kernel.sockets().writev(fd, memory, 0, 1);
  }

  @Test
  void writevTakesItsPartsInOrder() {
    int[] pair = s.unixPair();
    MemorySegment text = kernel.memory().map(6);
    MemorySegment.copy(bytes("abcdef"), 0, text, JAVA_BYTE, 0, 6);
    memory.set(JAVA_LONG, 0, text.address() + 3);
    memory.set(JAVA_LONG, 8, 3L);
    memory.set(JAVA_LONG, 16, text.address());
    memory.set(JAVA_LONG, 24, 2L);
    assertThat(kernel.sockets().writev(pair[0], memory, 0, 2)).isEqualTo(5);
    assertThat(s.read(pair[1], 9)).isEqualTo("defab");
  }

  // --- limits and names

  @Test
  void descriptorsAreTheLowestAndLimited() {
    try (SimScript small = new SimScript(Settings.linux().withDescriptorLimit(6))) {
      int listener = small.listener();
      assertThat(listener).isEqualTo(3);
      small.connectTo(listener);
      int fifth = small.kernel.sockets().socket(Platform.AF_UNIX);
      assertThat(small.kernel.sockets().socket(Platform.AF_INET)).isEqualTo(-Errno.EMFILE.number());
      small.settle();
      assertThat(small.kernel.sockets().accept(listener)).isEqualTo(-Errno.EMFILE.number());
      small.close(fifth);
      assertThat(small.kernel.sockets().accept(listener)).isEqualTo(fifth);
      assertThat(small.kernel.openDescriptors()).isEqualTo(3);
    }
  }

  @Test
  void literalsAreAnsweredAtOnceAndNamesLater() {
    world.name("cache-1", Address.inet(new byte[] {10, 0, 0, 1}, 0));
    Resolver.Answer answer =
        new Resolver.Answer() {
          @Override
          public void resolved(Address.Inet address) {
            say(address.toString());
          }

          @Override
          public void failed(Errno errno) {
            say(errno.name());
          }
        };
    kernel.resolver().resolve("192.168.1.255", 1, answer);
    kernel.resolver().resolve("::1", 2, answer);
    kernel.resolver().resolve("fe80::1:2", 3, answer);
    assertThat(log)
        .containsExactly("192.168.1.255:1@0", "[0:0:0:0:0:0:0:1]:2@0", "[fe80:0:0:0:0:0:1:2]:3@0");
    log.clear();
    kernel.resolver().resolve("cache-1", 4, answer);
    kernel.resolver().resolve("256.1.1.1", 5, answer);
    kernel.resolver().resolve("1::2::3", 6, answer);
    kernel.resolver().resolve("nobody", 7, answer);
    assertThat(log).isEmpty();
    world.scheduler().runUntilIdle();
    assertThat(log)
        .containsExactly(
            "10.0.0.1:4@2000000", "EHOSTDOWN@2000000", "EHOSTDOWN@2000000", "EHOSTDOWN@2000000");
  }

  // --- actors and the network's slow paths

  @Test
  void actorsTalkToEachOther() {
    SimHost host = world.host("hosts");
    Address address = Address.inet(new byte[] {10, 0, 0, 1}, 80);
    SimListener listener = host.listen(address, 8, Talker::new);
    SimEndpoint client = host.connect(address, new EndpointHandler() {});
    client.send(bytes("abc"));
    client.halfClose();
    world.scheduler().runUntilIdle();
    assertThat(log).containsExactly("connected@3000", "abc@3000", "end@3000");
    assertThat(client.open()).isTrue();
    client.close();
    listener.close();
    host.connect(address, new Talker());
    world.scheduler().runUntilIdle();
    assertThat(log.getLast()).isEqualTo("ECONNREFUSED@5000");
  }

  @Test
  void aStalledReaderStopsTheWriter() {
    SimHost host = world.host("hosts");
    Address address = Address.loopback(80);
    List<SimEndpoint> accepted = new ArrayList<>();
    int[] received = new int[1];
    host.listen(
        address,
        8,
        () ->
            new EndpointHandler() {
              @Override
              public void connected(SimEndpoint endpoint) {
                accepted.add(endpoint);
                endpoint.pause();
              }

              @Override
              public void bytes(SimEndpoint endpoint, byte[] bytes) {
                received[0] += bytes.length;
              }
            });
    SimEndpoint client = host.connect(address, new EndpointHandler() {});
    client.send(new byte[1_000_000]);
    world.scheduler().runUntilIdle();
    assertThat(received[0]).isZero();
    Settings settings = world.settings();
    int buffers = settings.sendBuffer() + settings.receiveBuffer();
    assertThat(client.pendingBytes()).isEqualTo(1_000_000 - buffers);
    accepted.getFirst().resume();
    world.scheduler().runUntilIdle();
    assertThat(received[0]).isEqualTo(1_000_000);
    accepted.getFirst().reset();
    world.scheduler().runUntilIdle();
    assertThat(client.open()).isFalse();
  }

  @Test
  void aFullBacklogDelaysTheHandshakeByASecond() {
    int listener = s.listener();
    Address address = nameOf(listener);
    kernel.sockets().listen(listener, 0);
    s.connectTo(listener);
    s.settle();
    long start = world.scheduler().now();
    world.host("late").connect(address, new Talker());
    world.scheduler().runUntil(start + SECOND / 2);
    assertThat(log).isEmpty();
    kernel.sockets().accept(listener);
    world.scheduler().runUntilIdle();
    assertThat(log).containsExactly("connected@" + (start + SECOND + 3_000));
  }

  private Address nameOf(int fd) {
    return Address.read(kernel.platform(), memory, 0, kernel.sockets().getsockname(fd, memory, 0));
  }

  @Test
  void anUnansweredConnectFailsAfterTwoMinutes() {
    world.faults().rate(Fault.CONNECT_TIMEOUT, Faults.OUT_OF);
    world.host("lost").connect(Address.loopback(80), new Talker());
    world.scheduler().runUntilIdle();
    assertThat(log).containsExactly("ETIMEDOUT@" + (127 * SECOND + 7_000));
  }

  @Test
  void aLimitStopsAFault() {
    world.faults().rate(Fault.EMFILE, Faults.OUT_OF);
    world.faults().limit(Fault.EMFILE, 2);
    for (int i = 0; i < 2; i++) {
      assertThat(kernel.sockets().socket(Platform.AF_INET)).isEqualTo(Errno.EMFILE.result());
    }
    assertThat(kernel.sockets().socket(Platform.AF_INET)).isPositive();
    assertThat(world.faults().count(Fault.EMFILE)).isEqualTo(2);
  }

  @Test
  void aClogHoldsBackWhatIsSent() {
    SimHost host = world.host("hosts");
    Address address = Address.loopback(80);
    host.listen(address, 8, Talker::new);
    SimEndpoint client = host.connect(address, new EndpointHandler() {});
    world.scheduler().runUntilIdle();
    world.network().clog(address, SECOND);
    client.send(bytes("x"));
    world.scheduler().runUntilIdle();
    assertThat(log).containsExactly("connected@3000", "x@" + (SECOND + 1_000));
  }

  @Test
  void theTraceTellsEverythingAndItsHashDependsOnTheOrder() {
    List<String> lines = new ArrayList<>();
    world.trace().listen(step -> lines.add(step.json()));
    int fd = kernel.sockets().socket(Platform.AF_INET);
    assertThat(lines)
        .containsExactly(
            "{\"time\":0,\"actor\":\"script\",\"call\":\"SOCKET\",\"fd\":-1,\"result\":"
                + fd
                + ",\"bytes\":0}");
    Trace one = new Trace(new Scheduler());
    Trace two = new Trace(new Scheduler());
    one.add("a", Trace.Kind.READ, 3, 1, 2);
    one.add("a", Trace.Kind.WRITE, 3, 1, 2);
    two.add("a", Trace.Kind.WRITE, 3, 1, 2);
    two.add("a", Trace.Kind.READ, 3, 1, 2);
    assertThat(one.hash()).isNotEqualTo(two.hash());
    assertThat(one.steps()).isEqualTo(2);
  }
}
