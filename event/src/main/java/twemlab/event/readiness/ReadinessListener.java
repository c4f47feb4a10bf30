package twemlab.event.readiness;

import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.stream.ReadinessEntry;
import twemlab.event.stream.StreamListener;
import twemlab.event.stream.TransportContext;

/// A listening socket under readiness: it accepts, when it was reported, until there is no
/// connection left, up to a limited number in a turn.
public final class ReadinessListener extends StreamListener implements ReadinessEntry {
  private final ReadyListenSocket socket;

  public ReadinessListener(TransportContext context, Address address, ReadyListenSocket socket) {
    super(context, address);
    this.socket = socket;
  }

  @Override
  public void onReady(int events) {
    // On the re-arm list its turn is still to come: one listener accepts once in a turn.
    if (!isOnRearmList()) {
      acceptMore();
    }
  }

  // tag::accept-more[]
  @Override
  public void acceptMore() {
    for (int i = 0; i < ACCEPTS_PER_TURN && !isClosed() && !isPaused(); i++) {
      int result = socket.acceptOne();
      if (result < 0 ? !goOn(Errno.of(result)) : !acceptedOne()) {
        endFinishing();
        return;
      }
    }
    rearm();
  }

  // end::accept-more[]

  @Override
  public void start() {
    if (mayAccept()) {
      socket.ask(true);
      rearm();
    }
  }

  @Override
  public void stop() {
    socket.ask(false);
  }

  @Override
  public void letGo() {
    socket.close();
  }
}
