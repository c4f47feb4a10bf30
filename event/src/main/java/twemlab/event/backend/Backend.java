package twemlab.event.backend;

import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.MbufPool;

/// One way to wait and to move bytes, as `--backend` names it: an event base under a
/// [twemlab.event.readiness.ReadinessTransport] ([EventBases]), or a transport that needs none
/// ([Transports]).
public sealed interface Backend permits EventBases, Transports {
  /// The name that `--backend` takes.
  String backend();

  /// Whether a kernel has the calls for it.
  boolean availableOn(Kernel kernel);

  /// Opens a transport.
  ///
  /// @param batch the most events that one wait reports, where the mechanism has such a limit
  /// @param pool where received bytes go
  /// @param timers shared with the loop
  /// @throws UnsupportedOperationException if the mechanism does not work here after all
  Transport open(Kernel kernel, int batch, MbufPool pool, TimerWheel timers);
}
