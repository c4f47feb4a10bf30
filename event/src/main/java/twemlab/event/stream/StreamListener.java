package twemlab.event.stream;

import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;

/// What a listener is whatever accepts for it: when it accepts, and what it makes of errors. C
/// counterpart `proxy_accept` (nc_proxy.c).
///
/// A listener rests while it is paused, and while no descriptor is left (*starved*): asking again
/// at once would fail the same way, a level-triggered base would report it forever, and an
/// edge-triggered one never again. It tries again when a descriptor is closed, or after a while.
public abstract class StreamListener implements Transport.Listener, TurnEntry {
  /// Accepted in one turn at most, so that a rush of clients does not starve those that are here.
  public static final int ACCEPTS_PER_TURN = 64;

  /// The most that are accepted while finishing: no backlog is longer (listen(2), SOMAXCONN).
  private static final int FINISHED_MAX = 4096;

  private static final long STARVED_RETRY_NANOS = 100_000_000;

  final TransportContext context;
  private final Address address;
  private final TimerWheel.Timer retry = new TimerWheel.Timer(_ -> feed());
  private boolean onRearmList;
  private boolean paused;
  private boolean starved;
  private boolean closed;
  private boolean finishing;

  /// Accepted while finishing.
  private int finished;

  public StreamListener(TransportContext context, Address address) {
    this.context = context;
    this.address = address;
  }

  /// Accepts again, if [#mayAccept] says so.
  public abstract void start();

  /// Has the kernel bring or report no more connections.
  public abstract void stop();

  /// Accepts what is left from an earlier turn.
  public abstract void acceptMore();

  /// Gives the socket back.
  public abstract void letGo();

  /// Whether it neither rests nor is closed.
  public final boolean mayAccept() {
    return !paused && !starved && !closed;
  }

  public final boolean isPaused() {
    return paused;
  }

  public final boolean isClosed() {
    return closed;
  }

  public final boolean isOnRearmList() {
    return onRearmList;
  }

  @Override
  public final void finish() {
    if (!mayAccept()) {
      // Nobody else is let in, or can be.
      close();
    } else if (!finishing) {
      finishing = true;
      startFinishing();
    }
  }

  /// Has waiting connections accepted in the next turn.
  public void startFinishing() {
    rearm();
  }

  public final boolean isFinishing() {
    return finishing;
  }

  /// Nobody waits any more, or enough were let in.
  public final void endFinishing() {
    if (finishing) {
      close();
    }
  }

  /// One more was accepted.
  ///
  /// @return whether another one may be
  public final boolean acceptedOne() {
    if (finishing && ++finished >= FINISHED_MAX) {
      close();
    }
    return mayAccept();
  }

  /// Has the rest accepted in the next turn.
  public final void rearm() {
    if (!closed && !paused && !onRearmList) {
      onRearmList = true;
      context.work().rearm(this);
    }
  }

  @Override
  public final void onRearmed() {
    onRearmList = false;
    acceptMore();
  }

  /// Whether to accept again at once after an error.
  public final boolean goOn(Errno errno) {
    return switch (errno) {
      case EAGAIN -> false;
      case EINTR -> true;
      case EBADF, EFAULT, EINVAL, ENOTSOCK ->
          throw new IllegalStateException("accept on " + address + ": " + errno.text());
      case EMFILE, ENFILE, ENOBUFS, ENOMEM -> {
        starve();
        yield false;
      }
      default -> {
        // The connection vanished, or its network failed: accept(2), "Error handling".
        context.counts().acceptsSkipped++;
        yield true;
      }
    };
  }

  private void starve() {
    if (closed) {
      return;
    }
    context.counts().acceptsStarved++;
    if (finishing) {
      close();
      return;
    }
    if (!starved) {
      starved = true;
      stop();
      context.work().starving(this);
    }
    context.schedule(retry, STARVED_RETRY_NANOS);
  }

  /// There may be a descriptor again.
  final void feed() {
    if (starved && !closed) {
      starved = false;
      context.timers().cancel(retry);
      context.work().fed(this);
      start();
    }
  }

  @Override
  public final void pause() {
    if (!paused && !closed) {
      paused = true;
      stop();
    }
  }

  @Override
  public final void resume() {
    if (paused && !closed) {
      paused = false;
      start();
    }
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      context.timers().cancel(retry);
      context.work().fed(this);
      letGo();
    }
  }

  @Override
  public final Address address() {
    return address;
  }
}
