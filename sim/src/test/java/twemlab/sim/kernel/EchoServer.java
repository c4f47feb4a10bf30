package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.sim.world.ByteQueue;

/// A program for the simulated kernel: an edge-triggered echo server of one file. It knows nothing
/// of the simulation, and survives everything that sockets may do.
final class EchoServer {
  private static final int INTEREST =
      EpollCalls.EPOLLIN | EpollCalls.EPOLLOUT | EpollCalls.EPOLLRDHUP | EpollCalls.EPOLLET;
  private static final int EVENTS = 16;
  private static final int BUFFER = 4_096;
  private static final int IOVECS_AT = EVENTS * 16;

  private final Platform platform;
  private final SocketCalls sockets;
  private final EpollCalls epoll;
  private final MemorySegment control;
  private final MemorySegment buffer;
  private final int epfd;
  private final int listener;
  private final Map<Integer, Connection> connections = new TreeMap<>();
  private boolean acceptAgain;

  private static final class Connection {
    private final ByteQueue pending = new ByteQueue();
    private boolean ended;
  }

  EchoServer(Kernel kernel, Address address) {
    platform = kernel.platform();
    sockets = kernel.sockets();
    epoll = kernel.epoll().orElseThrow();
    control = kernel.memory().map(4_096);
    buffer = kernel.memory().map(BUFFER);
    epfd = epoll.epollCreate();
    int fd = sockets.socket(address.family(platform));
    while (fd < 0) {
      fd = sockets.socket(address.family(platform));
    }
    listener = fd;
    check(sockets.bind(listener, control, 0, address.write(platform, control, 0)));
    check(sockets.listen(listener, 16));
    watch(listener);
  }

  private static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException(Errno.of(result).text());
    }
    return result;
  }

  private void watch(int fd) {
    control.set(JAVA_INT_UNALIGNED, 0, INTEREST);
    control.set(JAVA_LONG_UNALIGNED, platform.epollEventData(), fd);
    check(epoll.epollCtl(epfd, EpollCalls.EPOLL_CTL_ADD, fd, control, 0));
  }

  int connections() {
    return connections.size();
  }

  /// One turn of the loop.
  void turn(int timeoutMillis) {
    int count = epoll.epollWait(epfd, control, 0, EVENTS, acceptAgain ? 1 : timeoutMillis);
    if (acceptAgain) {
      acceptAll();
    }
    int[] ready = new int[Math.max(count, 0)];
    for (int i = 0; i < count; i++) {
      long at = (long) i * platform.epollEventSize() + platform.epollEventData();
      ready[i] = (int) control.get(JAVA_LONG_UNALIGNED, at);
    }
    for (int fd : ready) {
      if (fd == listener) {
        acceptAll();
      } else if (connections.containsKey(fd)) {
        serve(fd, connections.get(fd));
      }
    }
  }

  private void acceptAll() {
    acceptAgain = false;
    while (true) {
      int fd = sockets.accept(listener);
      if (fd >= 0) {
        connections.put(fd, new Connection());
        watch(fd);
        continue;
      }
      if (fd == Errno.EAGAIN.result() || fd == Errno.EMFILE.result()) {
        acceptAgain = fd == Errno.EMFILE.result();
        return;
      }
      // any other error took one connection away: the next one, please
    }
  }

  private void serve(int fd, Connection connection) {
    while (flush(fd, connection)) {
      int count = connection.ended ? 0 : sockets.read(fd, buffer, 0, BUFFER);
      if (count > 0) {
        connection.pending.add(buffer, 0, count);
      } else if (count == 0) {
        connection.ended = true;
        if (connection.pending.isEmpty()) {
          close(fd);
          return;
        }
      } else if (count == Errno.EAGAIN.result()) {
        return;
      } else {
        close(fd);
        return;
      }
    }
  }

  /// Writes what is pending; false if not all of it went, or the connection did.
  private boolean flush(int fd, Connection connection) {
    while (!connection.pending.isEmpty()) {
      int length = Math.min(connection.pending.size(), BUFFER);
      byte[] bytes = connection.pending.take(connection.pending.size());
      MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, length);
      int written = writeHalves(fd, length);
      int from = Math.max(written, 0);
      byte[] rest = new byte[bytes.length - from];
      System.arraycopy(bytes, from, rest, 0, rest.length);
      connection.pending.add(rest);
      if (written == Errno.EAGAIN.result()) {
        return false;
      }
      if (written < 0) {
        close(fd);
        return false;
      }
    }
    return true;
  }

  private int writeHalves(int fd, int length) {
    int half = length / 2;
    iovec(0, 0, half);
    iovec(1, half, length - half);
    return sockets.writev(fd, control, IOVECS_AT, 2);
  }

  private void iovec(int index, int from, int length) {
    long at = IOVECS_AT + (long) index * Platform.IOVEC_SIZE;
    control.set(JAVA_LONG_UNALIGNED, at, buffer.address() + from);
    control.set(JAVA_LONG_UNALIGNED, at + Platform.IOVEC_LENGTH, length);
  }

  private void close(int fd) {
    connections.remove(fd);
    sockets.close(fd);
  }

  void stop() {
    for (int fd : connections.keySet()) {
      sockets.close(fd);
    }
    connections.clear();
    sockets.close(listener);
    epoll.close(epfd);
  }
}
