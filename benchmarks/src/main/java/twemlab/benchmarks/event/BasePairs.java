package twemlab.benchmarks.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.SocketCalls;

/// Socket pairs and an [EventBase], through the kernel seam as the proxy's loop uses them; the
/// kernel may be a simulated one.
///
/// ```text
/// memory  |0 byte to send|8 two descriptors of socketpair|64 bytes received|
/// ```
final class BasePairs implements Pairs.Watched {
  private static final int DESCRIPTORS = 8;
  private static final int RECEIVED = 64;

  /// More than ever comes, so that the read is short and nothing can be left.
  private static final int READ_BYTES = 64;

  private final Kernel kernel;
  private final SocketCalls sockets;
  private final MemorySegment memory;
  private final EventBase base;
  private final Receiver receiver;
  private final int[] senders;
  private final int[] receivers;

  /// Opens the pairs and registers their receiving ends. The kernel is closed with them.
  BasePairs(Kernel kernel, Base base, int pairs, Receiver receiver) {
    this.kernel = kernel;
    this.sockets = kernel.sockets();
    this.memory = kernel.memory().map(4096);
    this.receiver = receiver;
    this.senders = new int[pairs];
    this.receivers = new int[pairs];
    memory.set(JAVA_BYTE, 0, (byte) 'p');
    for (int i = 0; i < pairs; i++) {
      int result = sockets.socketpair(memory, DESCRIPTORS);
      if (result < 0) {
        closeSockets(i);
        kernel.close();
      }
      check("socketpair", result);
      senders[i] = memory.get(JAVA_INT, DESCRIPTORS);
      receivers[i] = memory.get(JAVA_INT, DESCRIPTORS + 4);
    }
    this.base = base.open(kernel, this::onReady);
    for (int i = 0; i < pairs; i++) {
      register(i);
    }
  }

  private static int check(String call, int result) {
    if (result < 0) {
      throw new IllegalStateException(call + ": " + Errno.of(result).text());
    }
    return result;
  }

  @Override
  public void send(int pair) {
    check("write", sockets.write(senders[pair], memory, 0, 1));
  }

  @Override
  public int turn() {
    int result = base.await(0);
    int events = result == Errno.EINTR.result() ? 0 : check("wait", result);
    base.dispatch();
    return events;
  }

  private void onReady(long handle, int events) {
    if ((events & EventBase.READ) == 0) {
      return;
    }
    int pair = (int) handle;
    int bytes;
    do {
      bytes = sockets.read(receivers[pair], memory, RECEIVED, READ_BYTES);
      // Nothing: an edge-triggered base reports a new registration, whatever there is.
      if (bytes != Errno.EAGAIN.result()) {
        check("read", bytes);
      }
      for (int i = 0; i < bytes; i++) {
        receiver.received(pair);
      }
      // A full read may not have been all, and an edge comes but once.
    } while (bytes == READ_BYTES);
  }

  @Override
  public void register(int pair) {
    check("register", base.addConnection(receivers[pair], pair));
  }

  @Override
  public void unregister(int pair) {
    check("unregister", base.deleteConnection(receivers[pair], pair));
  }

  @Override
  public void wantOutput(int pair, boolean on) {
    int fd = receivers[pair];
    check("interest", on ? base.addOut(fd, pair) : base.deleteOut(fd, pair));
  }

  @Override
  public long controlCalls() {
    return kernel.counts().of(CallCounts.Call.CONTROL);
  }

  @Override
  public long systemCalls() {
    return kernel.counts().total();
  }

  @Override
  public void close() {
    base.close();
    closeSockets(senders.length);
    kernel.memory().unmap(memory);
    kernel.close();
  }

  private void closeSockets(int pairs) {
    for (int i = 0; i < pairs; i++) {
      sockets.close(senders[i]);
      sockets.close(receivers[i]);
    }
  }
}
