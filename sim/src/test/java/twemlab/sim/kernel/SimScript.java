package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

/// Words for scripts that run on a simulated kernel of some platform.
public final class SimScript implements AutoCloseable {
  public final World world;
  public final SimKernel kernel;
  private final SocketCalls sockets;
  private final MemorySegment memory;

  public SimScript(Platform platform) {
    this(Settings.linux().withPlatform(platform));
  }

  public SimScript(Settings settings) {
    world = new World(settings, new SeededChoices(1));
    kernel = new SimKernel(world, "script");
    sockets = kernel.sockets();
    memory = kernel.memory().map(4_096);
  }

  @Override
  public void close() {
    kernel.close();
  }

  public void settle() {
    world.scheduler().runUntil(world.scheduler().now() + 5_000_000);
  }

  public int listener() {
    int fd = sockets.socket(Platform.AF_INET);
    sockets.bind(fd, memory, 0, Address.loopback(0).write(kernel.platform(), memory, 0));
    assertThat(sockets.listen(fd, 8)).isZero();
    return fd;
  }

  /// A socket that connects to one that listens.
  public int connectTo(int listener) {
    int fd = sockets.socket(Platform.AF_INET);
    int length = sockets.getsockname(listener, memory, 0);
    assertThat(Script.text(sockets.connect(fd, memory, 0, length))).isEqualTo("EINPROGRESS");
    return fd;
  }

  /// The result of connecting to an address.
  String connect(int fd, Address address) {
    int length = address.write(kernel.platform(), memory, 0);
    return Script.text(sockets.connect(fd, memory, 0, length));
  }

  int[] tcpPair() {
    int listener = listener();
    int client = connectTo(listener);
    settle();
    return new int[] {client, sockets.accept(listener)};
  }

  public int[] unixPair() {
    assertThat(sockets.socketpair(memory, 0)).isZero();
    return new int[] {memory.get(JAVA_INT_UNALIGNED, 0), memory.get(JAVA_INT_UNALIGNED, 4)};
  }

  public void write(int fd, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 0, bytes.length);
    assertThat(sockets.write(fd, memory, 0, bytes.length)).isEqualTo(bytes.length);
  }

  public String read(int fd, int length) {
    int count = sockets.read(fd, memory, 0, length);
    if (count < 0) {
      return Script.text(count);
    }
    byte[] bytes = new byte[count];
    MemorySegment.copy(memory, JAVA_BYTE, 0, bytes, 0, count);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  void shutdownWrite(int fd) {
    assertThat(sockets.shutdown(fd, Platform.SHUT_WR)).isZero();
  }

  public void close(int fd) {
    assertThat(sockets.close(fd)).isZero();
  }

  void reset(int fd, int peer) {
    write(peer, "unread");
    settle();
    close(fd);
    settle();
  }
}
