package twemlab.event.stream;

import twemlab.event.TimerWheel;
import twemlab.event.TransportCounts;
import twemlab.event.kernel.Kernel;

/// What channels and listeners need of their transport, whichever it is.
///
/// @param kernel for the time
/// @param timers shared with the loop
/// @param counts of the transport
/// @param work what the turn has still to do
public record TransportContext(
    Kernel kernel, TimerWheel timers, TransportCounts counts, TurnWork work) {

  public TransportContext(Kernel kernel, TimerWheel timers) {
    this(kernel, timers, new TransportCounts(), new TurnWork());
  }

  /// Has a timer fire after a time from now.
  void schedule(TimerWheel.Timer timer, long nanos) {
    timers.schedule(timer, kernel.clock().monotonicNanos() + nanos);
  }
}
