package twemlab.exercise.build;

import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;

/// Sends back what it receives, to one client at a time.
final class Echo implements Program {
  private final Sockets sockets;
  private final Waiter waiter;
  private final int listener;
  private final byte[] buffer = new byte[4_096];
  private int client = -1;

  /// The bytes of the buffer that are still to be sent back.
  private int from;

  private int to;

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
    if (waiter.await(waitMillis) <= 0) {
      return;
    }
    if (client < 0) {
      accept();
    } else if (from < to) {
      write();
    } else {
      read();
    }
  }

  /// While somebody is served, the others wait in the listener's queue.
  private void accept() {
    int accepted = sockets.accept(listener);
    if (accepted >= 0) {
      client = accepted;
      waiter.want(listener, false, false);
      waiter.watch(client);
    }
  }

  private void read() {
    int count = sockets.read(client, buffer);
    if (count > 0) {
      from = 0;
      to = count;
      write();
    } else if (count != Sockets.AGAIN && count != Sockets.INTERRUPTED) {
      leave();
    }
  }

  private void write() {
    int count = sockets.write(client, buffer, from, to);
    if (count >= 0) {
      from += count;
    } else if (count != Sockets.AGAIN && count != Sockets.INTERRUPTED) {
      leave();
      return;
    }
    waiter.want(client, from == to, from < to);
  }

  private void leave() {
    waiter.forget(client);
    sockets.close(client);
    client = -1;
    from = to;
    waiter.want(listener, true, false);
  }

  @Override
  public void close() {
    if (client >= 0) {
      leave();
    }
    waiter.forget(listener);
    sockets.close(listener);
    waiter.close();
  }
}
