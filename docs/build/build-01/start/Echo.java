package twemlab.exercise.build;

import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;

/// Sends back what it receives, to one client at a time.
final class Echo implements Program {
  private final Sockets sockets;
  private final Waiter waiter;
  private final int listener;

  Echo(Kernel kernel, Address address) {
    sockets = new Sockets(kernel);
    waiter = new PollWaiter(kernel);
    listener = sockets.listen(address);
    if (listener < 0) {
      throw new IllegalStateException("cannot listen on " + address + ": " + listener);
    }
    waiter.watch(listener);
  }

  @Override
  public void turn(int waitMillis) {
    waiter.await(waitMillis); // and what is ready is yours to see to
  }

  @Override
  public void close() {
    waiter.forget(listener);
    sockets.close(listener);
    waiter.close();
  }
}
