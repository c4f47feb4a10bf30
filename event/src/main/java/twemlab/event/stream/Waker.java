package twemlab.event.stream;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.SocketCalls;

/// Ends a loop's wait from another thread: one byte through a socket pair, which every event base
/// can watch on every platform.
///
/// However often it is rung between two turns, one byte is sent. The flag says that a byte is on
/// its way, or that the loop is awake and has not looked yet; it is lowered after the byte was
/// read. The other way round, a byte rung in between would be read with the flag left up, and no
/// ring would ever be heard again.
public final class Waker implements ReadinessEntry, AutoCloseable {
  private static final int ATTEMPTS = 8;

  private final SocketCalls sockets;
  private final SocketCalls foreignSockets;
  private final Kernel kernel;
  private final MemorySegment memory;
  private final AtomicBoolean rung = new AtomicBoolean();
  private final int readEnd;
  private final int writeEnd;
  private boolean closed;

  public Waker(Kernel kernel) {
    this.kernel = kernel;
    this.sockets = kernel.sockets();
    this.foreignSockets = kernel.foreignSockets();
    this.memory = kernel.memory().map(64);
    int result = sockets.socketpair(memory, 0);
    if (result < 0) {
      throw new IllegalStateException("socketpair: " + Errno.of(result).text());
    }
    this.readEnd = memory.get(JAVA_INT, 0);
    this.writeEnd = memory.get(JAVA_INT, 4);
  }

  public int descriptor() {
    return readEnd;
  }

  /// May be called on any thread.
  public void ring() {
    if (!rung.getAndSet(true)) {
      synchronized (foreignSockets) {
        int result = 0;
        for (int i = 0; i < ATTEMPTS && result != 1 && !closed; i++) {
          result = foreignSockets.write(writeEnd, memory, 32, 1);
        }
        if (result != 1) {
          // A kernel without memory, for the pair is never full: the next ring tries again. (A byte
          // that was sent may have been read by now, and the flag be lowered already.)
          rung.set(false);
        }
      }
    }
  }

  @Override
  public void onReady(int events) {
    drain();
  }

  /// Takes the byte, on the loop's thread.
  public void drain() {
    int result;
    do {
      result = sockets.read(readEnd, memory, 0, 32);
    } while (result > 0 || result == Errno.EINTR.result());
    // Also makes what the ringers did before visible to this turn.
    rung.getAndSet(false);
  }

  @Override
  public void close() {
    synchronized (foreignSockets) {
      closed = true;
    }
    sockets.close(readEnd);
    sockets.close(writeEnd);
    kernel.memory().unmap(memory);
  }
}
