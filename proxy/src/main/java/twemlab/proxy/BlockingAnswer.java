package twemlab.proxy;

import java.util.concurrent.CountDownLatch;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Resolver;

/// Waits for a name to be resolved: at start, when there is nothing else to do.
public final class BlockingAnswer implements Resolver.Answer {
  private final CountDownLatch answered = new CountDownLatch(1);
  private Address address;

  @Override
  public void resolved(Address.Inet found) {
    address = found;
    answered.countDown();
  }

  @Override
  public void failed(Errno errno) {
    answered.countDown();
  }

  /// The address, or null if the name has none.
  public Address await() {
    try {
      answered.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return address;
  }
}
