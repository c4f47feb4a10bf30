package twemlab.benchmarks.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.SocketCalls;

/// Netty's epoll transport without its channels: descriptors of our socket pairs as
/// [EpollIoHandle]s of its `EpollIoHandler`, edge-triggered, on the loop that its user drives.
/// Reading and writing are our own calls, the same as in [BasePairs]: what differs is the wait and
/// the way from an event to its receiver.
final class NettyHandlePairs implements Pairs.Watched {
  private static final int DESCRIPTORS = 8;
  private static final int RECEIVED = 64;
  private static final int READ_BYTES = 64;
  private static final EpollIoOps INPUT =
      EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
  private static final EpollIoOps BOTH = INPUT.with(EpollIoOps.EPOLLOUT);

  private final Kernel kernel = Kernels.host();
  private final SocketCalls sockets = kernel.sockets();
  private final MemorySegment memory = kernel.memory().map(4096);
  private final ManualIoEventLoop loop;
  private final Receiver receiver;
  private final int[] senders;
  private final Handle[] handles;

  NettyHandlePairs(int pairs, Receiver receiver) {
    this.receiver = receiver;
    loop = new ManualIoEventLoop(Thread.currentThread(), EpollIoHandler.newFactory());
    senders = new int[pairs];
    handles = new Handle[pairs];
    memory.set(JAVA_BYTE, 0, (byte) 'p');
    for (int i = 0; i < pairs; i++) {
      check("socketpair", sockets.socketpair(memory, DESCRIPTORS));
      senders[i] = memory.get(JAVA_INT, DESCRIPTORS);
      handles[i] = new Handle(i, memory.get(JAVA_INT, DESCRIPTORS + 4));
      register(i);
    }
  }

  private static int check(String call, int result) {
    if (result < 0) {
      throw new IllegalStateException(call + ": " + Errno.of(result).text());
    }
    return result;
  }

  /// The receiving end of a pair.
  private final class Handle implements EpollIoHandle {
    private final int pair;
    private final FileDescriptor fd;
    private IoRegistration registration;

    private Handle(int pair, int fd) {
      this.pair = pair;
      this.fd = new FileDescriptor(fd);
    }

    @Override
    public FileDescriptor fd() {
      return fd;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
      if (!((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLIN)) {
        return;
      }
      int bytes;
      do {
        bytes = sockets.read(fd.intValue(), memory, RECEIVED, READ_BYTES);
        if (bytes != Errno.EAGAIN.result()) {
          check("read", bytes);
        }
        for (int i = 0; i < bytes; i++) {
          receiver.received(pair);
        }
      } while (bytes == READ_BYTES);
    }

    @Override
    public void close() {
      // The descriptor is closed with the pair.
    }
  }

  @Override
  public void send(int pair) {
    check("write", sockets.write(senders[pair], memory, 0, 1));
  }

  @Override
  public int turn() {
    return loop.runNow();
  }

  @Override
  public void register(int pair) {
    Future<IoRegistration> registered = loop.register(handles[pair]);
    while (!registered.isDone()) {
      loop.runNow();
    }
    handles[pair].registration = registered.getNow();
    handles[pair].registration.submit(INPUT);
  }

  @Override
  public void unregister(int pair) {
    handles[pair].registration.cancel();
  }

  @Override
  public void wantOutput(int pair, boolean on) {
    handles[pair].registration.submit(on ? BOTH : INPUT);
  }

  /// Netty keeps its deadlines in a heap of scheduled tasks, which its turn looks at.
  @Override
  public Timeouts timeouts(int pairs) {
    Future<?>[] deadlines = new Future<?>[pairs];
    return new Timeouts() {
      @Override
      public void restart(int pair) {
        if (deadlines[pair] != null) {
          deadlines[pair].cancel(false);
        }
        deadlines[pair] = loop.schedule(() -> {}, 60, TimeUnit.SECONDS);
      }

      @Override
      public void turn() {
        // Done by the loop itself.
      }
    };
  }

  @Override
  public long controlCalls() {
    return -1;
  }

  @Override
  public long systemCalls() {
    return -1;
  }

  @Override
  public void close() {
    NettyLoops.close(loop);
    for (int i = 0; i < senders.length; i++) {
      sockets.close(senders[i]);
      sockets.close(handles[i].fd.intValue());
    }
    kernel.memory().unmap(memory);
    kernel.close();
  }
}
