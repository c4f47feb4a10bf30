package twemlab.event.kernel.jdk;

import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.Clock;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.Resolver;
import twemlab.event.kernel.SocketCalls;

/// What the Java library gives of a kernel on any system, with native access denied: memory, time
/// and names, but neither descriptors nor readiness. [twemlab.event.nio.NioTransport] needs no
/// more.
public final class JavaKernel implements Kernel {
  private final Platform platform = hostOrLinux();
  private final CallCounts counts = new CallCounts();
  private final SocketCalls files = new FilesOnly();
  private final MemoryCalls memory = new ArenaMemory();
  private final Clock clock = new SystemClock();
  private final Resolver resolver = new SystemResolver();

  /// No structure is laid out without system calls; all that is asked for is the longest path of a
  /// unix socket, which on an unknown system may as well be Linux'.
  private static Platform hostOrLinux() {
    try {
      return Platform.host();
    } catch (UnsupportedOperationException unknown) {
      return Platform.LINUX_X64;
    }
  }

  @Override
  public Platform platform() {
    return platform;
  }

  /// Only the calls on files; the others throw [UnsupportedOperationException].
  @Override
  public SocketCalls sockets() {
    return files;
  }

  @Override
  public SocketCalls foreignSockets() {
    return files;
  }

  @Override
  public MemoryCalls memory() {
    return memory;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Resolver resolver() {
    return resolver;
  }

  @Override
  public boolean hasJavaNio() {
    return true;
  }

  @Override
  public CallCounts counts() {
    return counts;
  }

  @Override
  public void close() {
    // The code that mapped them owns the mappings.
  }
}
