package twemlab.sim;

import twemlab.event.kernel.Kernel;
import twemlab.proxy.process.Instance;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.Trace;

/// A listener of a [Simulation] that also looks at the proxy from inside. It may not change what
/// happens: the hash of a run is the same with and without it.
public interface Observer extends Trace.Listener {
  /// The kernel that the proxy is handed: the given one, or another around it.
  Kernel around(SimKernel kernel);

  /// The proxy listens; nobody has connected yet.
  void started(Instance instance);
}
