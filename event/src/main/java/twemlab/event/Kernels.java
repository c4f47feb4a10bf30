package twemlab.event;

import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.ffm.LinuxKernel;

/// Opens the real kernel, which is hidden behind its interface.
public final class Kernels {
  private Kernels() {}

  /// The kernel of this machine, for one loop and its thread. Needs native access for this module.
  ///
  /// @throws UnsupportedOperationException on a system whose calls are not implemented
  public static Kernel host() {
    return new LinuxKernel();
  }
}
