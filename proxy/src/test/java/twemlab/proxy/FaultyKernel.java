package twemlab.proxy;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import twemlab.event.kernel.Clock;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Resolver;
import twemlab.proxy.testing.ForwardingKernel;

/// The host's kernel, but one call throws what a test has armed: in the middle of a handler (the
/// date, a name's look-up), or outside of all of them (the loop's own look at the clock).
public final class FaultyKernel extends ForwardingKernel {
  private final AtomicReference<Supplier<Throwable>> wallClock = new AtomicReference<>();
  private final AtomicReference<Supplier<Throwable>> resolver = new AtomicReference<>();
  private final AtomicReference<Supplier<Throwable>> loopClock = new AtomicReference<>();

  public FaultyKernel(Kernel host) {
    super(host);
  }

  /// The next look at the date throws: one that a client asks for by TIME, and that an ejection
  /// notes.
  public void failDate(Supplier<Throwable> failure) {
    wallClock.set(failure);
  }

  /// The next look-up of a name throws.
  void failResolver(Supplier<Throwable> failure) {
    resolver.set(failure);
  }

  /// The next look at the loop's clock throws, and that is the loop's own.
  public void failLoop(Supplier<Throwable> failure) {
    loopClock.set(failure);
  }

  private static void fire(AtomicReference<Supplier<Throwable>> armed) {
    Supplier<Throwable> failure = armed.getAndSet(null);
    if (failure != null) {
      throw sneaky(failure.get());
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
    throw (T) failure;
  }

  @Override
  public Clock clock() {
    return new Clock() {
      @Override
      public long monotonicNanos() {
        fire(loopClock);
        return host.clock().monotonicNanos();
      }

      @Override
      public long wallMillis() {
        fire(wallClock);
        return host.clock().wallMillis();
      }
    };
  }

  @Override
  public Resolver resolver() {
    return (name, port, answer) -> {
      fire(resolver);
      host.resolver().resolve(name, port, answer);
    };
  }
}
