package twemlab.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import twemlab.event.EventBase;
import twemlab.event.Kernels;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.SocketCalls;

/// A socket pair and an event base of this project, through the kernel seam as the proxy's loop
/// uses them.
///
/// ```text
/// memory  |0 byte to send|1 byte received|...|8 two descriptors of socketpair|
/// ```
final class SeamPair implements OneByte {
  private static final int RECEIVED = 1;
  private static final int DESCRIPTORS = 8;

  private final Kernel kernel = Kernels.host();
  private final SocketCalls sockets = kernel.sockets();
  private final MemorySegment memory = kernel.memory().map(4096);
  private final EventBase base;
  private final int sender;
  private final int receiver;
  private int received;

  /// Opens an event base that reports to a callback.
  interface Opener {
    EventBase open(Kernel kernel, EventBase.Callback callback);
  }

  SeamPair(Opener opener) {
    check("socketpair", sockets.socketpair(memory, DESCRIPTORS));
    sender = memory.get(JAVA_INT, DESCRIPTORS);
    receiver = memory.get(JAVA_INT, DESCRIPTORS + 4);
    base = opener.open(kernel, (_, events) -> onReady(events));
    check("register", base.addConnection(receiver, 0));
  }

  private static int check(String call, int result) {
    if (result < 0) {
      throw new IllegalStateException(call + ": " + Errno.of(result).text());
    }
    return result;
  }

  @Override
  public int ping() {
    received = 0;
    memory.set(JAVA_BYTE, 0, (byte) 'p');
    check("write", sockets.write(sender, memory, 0, 1));
    while (received == 0) {
      check("wait", base.await(-1));
      base.dispatch();
    }
    return memory.get(JAVA_BYTE, RECEIVED);
  }

  /// The read is shorter than asked for: nothing is left, and no second read need say so.
  private void onReady(int events) {
    if ((events & EventBase.READ) != 0) {
      received = check("read", sockets.read(receiver, memory, RECEIVED, 4));
    }
  }

  @Override
  public long systemCalls() {
    return kernel.counts().total();
  }

  @Override
  public void close() {
    base.close();
    sockets.close(sender);
    sockets.close(receiver);
    kernel.memory().unmap(memory);
    kernel.close();
  }
}
