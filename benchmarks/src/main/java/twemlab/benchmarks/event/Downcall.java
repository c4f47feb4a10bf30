package twemlab.benchmarks.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.SocketCalls;

/// The price of the seam: the way from Java into C and back, alone (`abs`, which does nothing),
/// with an almost empty system call (`getppid`), and with a useful one (a byte written to a socket
/// and read from its peer), there also by `java.nio`, which crosses by JNI.
///
/// What it does **not** measure: calls that block, which let the collector run meanwhile (and which
/// must not be `critical`); linking, which takes milliseconds per shape at start.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class Downcall {
  private static final FunctionDescriptor INT_TO_INT = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
  private static final FunctionDescriptor TO_INT = FunctionDescriptor.of(JAVA_INT);
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final Linker.Option CRITICAL = Linker.Option.critical(false);

  // Constants, as the seam's own handles are: only those are inlined.
  private static final MethodHandle ABS = link("abs", INT_TO_INT);
  private static final MethodHandle ABS_ERRNO = link("abs", INT_TO_INT, ERRNO);
  private static final MethodHandle ABS_CRITICAL = link("abs", INT_TO_INT, CRITICAL);
  private static final MethodHandle GETPPID = link("getppid", TO_INT);
  private static final MethodHandle GETPPID_ERRNO = link("getppid", TO_INT, ERRNO);
  private static final MethodHandle GETPPID_CRITICAL = link("getppid", TO_INT, CRITICAL);

  private final MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1);
  private Kernel kernel;
  private SocketCalls sockets;
  private MemorySegment memory;
  private int sender;
  private int receiver;
  private SocketChannel channelSender;
  private SocketChannel channelReceiver;
  private int value = -7;

  @SuppressWarnings("restricted")
  private static MethodHandle link(
      String function, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    MemorySegment symbol = linker.defaultLookup().find(function).orElseThrow();
    return linker.downcallHandle(symbol, descriptor, options);
  }

  /// Opens a socket pair of each kind.
  @Setup
  public void open() throws IOException {
    kernel = Kernels.host();
    sockets = kernel.sockets();
    memory = kernel.memory().map(4096);
    if (sockets.socketpair(memory, 8) < 0) {
      throw new IOException("socketpair");
    }
    sender = memory.get(JAVA_INT, 8);
    receiver = memory.get(JAVA_INT, 12);
    try (SocketFile file = new SocketFile();
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      var address = UnixDomainSocketAddress.of(Path.of(file.path()));
      listener.bind(address);
      channelSender = SocketChannel.open(address);
      channelReceiver = listener.accept();
      channelSender.configureBlocking(false);
      channelReceiver.configureBlocking(false);
    }
  }

  /// A function of C that does nothing.
  @Benchmark
  public int absPlain() throws Throwable {
    return (int) ABS.invokeExact(value);
  }

  /// The same with errno kept.
  @Benchmark
  public int absErrno() throws Throwable {
    return (int) ABS_ERRNO.invokeExact(errno, value);
  }

  /// The same without telling the JVM.
  @Benchmark
  public int absCritical() throws Throwable {
    return (int) ABS_CRITICAL.invokeExact(value);
  }

  /// A system call that does next to nothing.
  @Benchmark
  public int getppidPlain() throws Throwable {
    return (int) GETPPID.invokeExact();
  }

  /// The same with errno kept.
  @Benchmark
  public int getppidErrno() throws Throwable {
    return (int) GETPPID_ERRNO.invokeExact(errno);
  }

  /// The same without telling the JVM.
  @Benchmark
  public int getppidCritical() throws Throwable {
    return (int) GETPPID_CRITICAL.invokeExact();
  }

  /// A byte through a socket by the kernel seam: two calls.
  @Benchmark
  public int byteSeam() {
    memory.set(JAVA_BYTE, 0, (byte) value);
    return sockets.write(sender, memory, 0, 1) + sockets.read(receiver, memory, 1, 1);
  }

  /// A byte through a socket by `java.nio`: two calls.
  @Benchmark
  public int byteNio() throws IOException {
    buffer.put(0, (byte) value).clear();
    int written = channelSender.write(buffer);
    buffer.clear();
    return written + channelReceiver.read(buffer);
  }

  /// Closes the sockets.
  @TearDown
  public void close() throws IOException {
    sockets.close(sender);
    sockets.close(receiver);
    kernel.memory().unmap(memory);
    kernel.close();
    channelSender.close();
    channelReceiver.close();
  }
}
