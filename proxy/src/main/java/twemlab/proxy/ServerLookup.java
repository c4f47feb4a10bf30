package twemlab.proxy;

import java.util.function.Consumer;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Resolver;
import twemlab.proxy.conf.Endpoint;

/// One lookup of a server's name, whose answer reaches the loop's thread between two events.
///
/// An answer that comes later than at once waits for the loop: it may come on another thread, or in
/// the middle of anything.
final class ServerLookup implements Resolver.Answer {
  private final Context context;
  private final Consumer<Address> found;
  private final Consumer<Errno> notFound;
  private final Thread loopThread = Thread.currentThread();
  private boolean asking = true;

  private ServerLookup(Context context, Consumer<Address> found, Consumer<Errno> notFound) {
    this.context = context;
    this.found = found;
    this.notFound = notFound;
  }

  /// Asks for the address of a name. It may come within this call; a failure never does.
  static void start(
      Context context, Endpoint.Inet name, Consumer<Address> found, Consumer<Errno> notFound) {
    var lookup = new ServerLookup(context, found, notFound);
    context.kernel.resolver().resolve(name.host(), name.port(), lookup);
    lookup.asking = false;
  }

  @Override
  public void resolved(Address.Inet address) {
    if (Thread.currentThread() == loopThread && asking) {
      found.accept(address);
    } else {
      context.loop.post(() -> found.accept(address));
    }
  }

  /// Never at once: the caller must not get the answer within its call.
  @Override
  public void failed(Errno errno) {
    context.loop.post(() -> notFound.accept(errno));
  }
}
