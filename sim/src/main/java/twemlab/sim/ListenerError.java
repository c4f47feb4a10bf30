package twemlab.sim;

import twemlab.sim.world.Trace;

/// What a listener of a [Simulation] threw, as the cause: a file that cannot be written, or a run
/// that is of no more use. An error, because the proxy has no business to contain it: an exception
/// of the listener, which is called in the middle of system calls, would else be taken for one of
/// the connection that made the call.
public final class ListenerError extends Error {
  private static final long serialVersionUID = 1L;

  ListenerError(Throwable cause) {
    super("the listener of a simulated run: " + cause, cause, false, false);
  }

  /// A listener that throws nothing else.
  record Guard(Trace.Listener listener) implements Trace.Listener {
    @Override
    public void step(Trace.Step step) {
      try {
        listener.step(step);
      } catch (RuntimeException | Error e) {
        throw new ListenerError(e);
      }
    }

    @Override
    public void looking() {
      try {
        listener.looking();
      } catch (RuntimeException | Error e) {
        throw new ListenerError(e);
      }
    }
  }
}
