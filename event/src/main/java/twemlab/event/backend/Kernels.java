package twemlab.event.backend;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.ffm.LinuxKernel;
import twemlab.event.kernel.jdk.JavaKernel;

/// Opens the real kernel, which is hidden behind its interface.
public final class Kernels {
  private Kernels() {}

  /// The kernel of this machine, for one loop and its thread: by system calls where they are
  /// implemented and this module may make them, else by what the Java library has.
  public static Kernel host() {
    return System.getProperty("os.name").equals("Linux") && nativeAccess()
        ? new LinuxKernel()
        : new JavaKernel();
  }

  /// The kernel of this machine for a loop on one backend: [Transports#NIO] makes no system calls
  /// of its own anywhere.
  public static Kernel host(Backend backend) {
    return backend == Transports.NIO ? new JavaKernel() : host();
  }

  /// Tries it, because nobody can be asked: where it is neither granted nor denied, the JVM warns
  /// and allows it.
  @SuppressWarnings("restricted")
  private static boolean nativeAccess() {
    try {
      MemorySegment probe = MemorySegment.NULL.reinterpret(0);
      return probe.isNative();
    } catch (IllegalCallerException denied) {
      return false;
    }
  }
}
