package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntSupplier;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.PollCalls;
import twemlab.event.kernel.SocketCalls;

/// Words for the scripts that run on both kernels: system calls with results that can be compared.
///
/// An error is its name, a mask is `IN|OUT`, and nothing is `nothing`. Descriptors and memory are
/// freed at the end.
final class Script implements AutoCloseable {
  static final int IN = EpollCalls.EPOLLIN;
  static final int OUT = EpollCalls.EPOLLOUT;
  static final int RDHUP = EpollCalls.EPOLLRDHUP;
  static final int ET = EpollCalls.EPOLLET;
  static final int ONESHOT = EpollCalls.EPOLLONESHOT;
  static final int ALL = IN | OUT | RDHUP;

  /// How long a wait waits before there is nothing.
  private static final int PATIENCE_MILLIS = 25;

  private static final int BUFFER = 1 << 18;

  final Arm.Machine system;
  final SocketCalls sockets;
  final Platform platform;
  final MemorySegment memory;
  private final EpollCalls epoll;
  private final PollCalls poll;
  private final MemorySegment buffer;
  private final List<Integer> opened = new ArrayList<>();

  Script(Arm arm) {
    system = arm.open();
    sockets = system.kernel().sockets();
    platform = system.kernel().platform();
    epoll = system.kernel().epoll().orElseThrow();
    poll = system.kernel().poll().orElseThrow();
    memory = system.kernel().memory().map(4096);
    buffer = system.kernel().memory().map(BUFFER);
  }

  @Override
  public void close() {
    for (int fd : opened) {
      sockets.close(fd);
    }
    system.kernel().memory().unmap(memory);
    system.kernel().memory().unmap(buffer);
    system.close();
  }

  void settle() {
    system.settle();
  }

  // --- sockets

  int opened(int fd) {
    assertThat(fd).as("a descriptor").isGreaterThanOrEqualTo(0);
    opened.add(fd);
    return fd;
  }

  /// close(2). Descriptors are closed once and no more: the number may be another's by now.
  String close(int fd) {
    opened.removeIf(known -> known == fd);
    return text(sockets.close(fd));
  }

  int socket() {
    return opened(sockets.socket(Platform.AF_INET));
  }

  int unixSocket() {
    return opened(sockets.socket(Platform.AF_UNIX));
  }

  int listener(int backlog) {
    int fd = socket();
    assertThat(bind(fd, Address.loopback(0))).isEqualTo("0");
    assertThat(sockets.listen(fd, backlog)).isZero();
    return fd;
  }

  String bind(int fd, Address address) {
    return text(sockets.bind(fd, memory, 0, address.write(platform, memory, 0)));
  }

  String connect(int fd, Address address) {
    return text(sockets.connect(fd, memory, 0, address.write(platform, memory, 0)));
  }

  Address name(int fd) {
    return Address.read(platform, memory, 0, sockets.getsockname(fd, memory, 0));
  }

  Address peerName(int fd) {
    return Address.read(platform, memory, 0, sockets.getpeername(fd, memory, 0));
  }

  /// An address of 127.0.0.1 where nobody listens.
  Address nobody() {
    int fd = sockets.socket(Platform.AF_INET);
    bind(fd, Address.loopback(0));
    Address address = name(fd);
    sockets.close(fd);
    return address;
  }

  /// A connection over TCP: the side that connected, the side that accepted.
  int[] tcpPair() {
    return tcpPair(-1, -1);
  }

  /// The same, with a send buffer for the first and a receive buffer for the second side.
  int[] tcpPair(int sendBuffer, int receiveBuffer) {
    int listener = listener(8);
    int client = socket();
    if (sendBuffer > 0) {
      option(client, platform.soSndBuf(), sendBuffer);
      option(listener, platform.soRcvBuf(), receiveBuffer);
    }
    connect(client, name(listener));
    int server = accept(listener);
    for (int fd : new int[] {client, server}) { // or Nagle's algorithm holds bytes back
      assertThat(sockets.setsockopt(fd, Platform.IPPROTO_TCP, Platform.TCP_NODELAY, 1)).isZero();
    }
    settle();
    return new int[] {client, server};
  }

  private void option(int fd, int option, int value) {
    assertThat(sockets.setsockopt(fd, platform.solSocket(), option, value)).isZero();
  }

  int accept(int listener) {
    poll(listener, IN);
    return opened(sockets.accept(listener));
  }

  int[] unixPair() {
    assertThat(sockets.socketpair(memory, 0)).isZero();
    return new int[] {
      opened(memory.get(JAVA_INT_UNALIGNED, 0)), opened(memory.get(JAVA_INT_UNALIGNED, 4))
    };
  }

  String error(int fd) {
    int number = sockets.getsockopt(fd, platform.solSocket(), platform.soError());
    return number == 0 ? "none" : Errno.of(number).name();
  }

  /// Ends a connection with a reset: closes with bytes unread.
  void reset(int fd, int peer) {
    assertThat(write(peer, "unread")).isEqualTo("6");
    settle();
    close(fd);
    settle();
  }

  // --- bytes

  String write(int fd, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
    return text(sockets.write(fd, buffer, 0, bytes.length));
  }

  /// One write of 128 KiB: how many bytes were taken.
  int writeMuch(int fd) {
    return sockets.write(fd, buffer, 0, 1 << 17);
  }

  /// Writes until EAGAIN: how many bytes were taken.
  int fill(int fd) {
    int total = 0;
    boolean refused = false;
    while (true) {
      int written = sockets.write(fd, buffer, 0, BUFFER);
      if (written >= 0) {
        total += written;
        refused = false;
        settle();
      } else {
        assertThat(text(written)).isEqualTo("EAGAIN");
        if (refused) {
          return total;
        }
        refused = true;
        // Linux delays an acknowledgement by up to 40 ms; it makes room once more.
        pollResult(0, 60);
      }
    }
  }

  /// The bytes read, `""` at the end of the stream, or an error.
  String read(int fd, int length) {
    int count = sockets.read(fd, buffer, 0, length);
    if (count < 0) {
      return text(count);
    }
    byte[] bytes = new byte[count];
    MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, count);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /// Reads until there is nothing: how many bytes came.
  int drain(int fd) {
    int total = 0;
    int count;
    while ((count = sockets.read(fd, buffer, 0, BUFFER)) > 0) {
      total += count;
      settle();
    }
    return total;
  }

  // --- readiness

  int epoll() {
    return opened(epoll.epollCreate());
  }

  String add(int epfd, int fd, int events) {
    return control(epfd, EpollCalls.EPOLL_CTL_ADD, fd, events);
  }

  String modify(int epfd, int fd, int events) {
    return control(epfd, EpollCalls.EPOLL_CTL_MOD, fd, events);
  }

  String delete(int epfd, int fd) {
    return control(epfd, EpollCalls.EPOLL_CTL_DEL, fd, 0);
  }

  private String control(int epfd, int operation, int fd, int events) {
    memory.set(JAVA_INT_UNALIGNED, 0, events);
    memory.set(JAVA_LONG_UNALIGNED, platform.epollEventData(), fd);
    return text(epoll.epollCtl(epfd, operation, fd, memory, 0));
  }

  /// A wait's own end: a process that is stopped and continued gets EINTR before, signal(7).
  static int whole(IntSupplier wait) {
    int result;
    do {
      result = wait.getAsInt();
    } while (result == Errno.EINTR.result());
    return result;
  }

  /// The mask of the one descriptor that is ready within a short time.
  String await(int epfd) {
    return awaitMask(epfd, PATIENCE_MILLIS);
  }

  String awaitMask(int epfd, int timeoutMillis) {
    int count = whole(() -> epoll.epollWait(epfd, memory, 0, 8, timeoutMillis));
    if (count <= 0) {
      return count == 0 ? "nothing" : text(count);
    }
    assertThat(count).as("events").isEqualTo(1);
    return mask(memory.get(JAVA_INT_UNALIGNED, 0));
  }

  /// The descriptors that one wait reports.
  List<Integer> awaitWho(int epfd, int max) {
    int count = whole(() -> epoll.epollWait(epfd, memory, 0, max, PATIENCE_MILLIS));
    List<Integer> who = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = (long) i * platform.epollEventSize() + platform.epollEventData();
      who.add((int) memory.get(JAVA_LONG_UNALIGNED, at));
    }
    return who;
  }

  String awaitResult(int epfd, int max, int timeoutMillis) {
    return text(whole(() -> epoll.epollWait(epfd, memory, 0, max, timeoutMillis)));
  }

  /// What poll(2) answers about one descriptor within a short time.
  String poll(int fd, int events) {
    pollEntry(0, fd, events);
    int count = whole(() -> poll.poll(memory, 0, 1, PATIENCE_MILLIS));
    int revents = memory.get(JAVA_SHORT_UNALIGNED, Platform.POLLFD_REVENTS);
    assertThat(count).isEqualTo(revents == 0 ? 0 : 1);
    return mask(revents);
  }

  void pollEntry(int index, int fd, int events) {
    long at = (long) index * Platform.POLLFD_SIZE;
    memory.set(JAVA_INT_UNALIGNED, at, fd);
    memory.set(JAVA_SHORT_UNALIGNED, at + Platform.POLLFD_EVENTS, (short) events);
    memory.set(JAVA_SHORT_UNALIGNED, at + Platform.POLLFD_REVENTS, (short) -1);
  }

  String pollResult(int count, int timeoutMillis) {
    return text(whole(() -> poll.poll(memory, 0, count, timeoutMillis)));
  }

  String pollAnswer(int index) {
    return mask(
        memory.get(
            JAVA_SHORT_UNALIGNED, (long) index * Platform.POLLFD_SIZE + Platform.POLLFD_REVENTS));
  }

  // --- text

  static String text(int result) {
    return result < 0 ? Errno.of(result).name() : Integer.toString(result);
  }

  static String mask(int bits) {
    if (bits == 0) {
      return "nothing";
    }
    StringJoiner names = new StringJoiner("|");
    String[] known = {"IN", "OUT", "ERR", "HUP", "NVAL", "RDHUP"};
    int[] values = {IN, OUT, EpollCalls.EPOLLERR, EpollCalls.EPOLLHUP, Platform.POLLNVAL, RDHUP};
    int left = bits;
    for (int i = 0; i < known.length; i++) {
      if ((bits & values[i]) != 0) {
        names.add(known[i]);
        left &= ~values[i];
      }
    }
    assertThat(left).as("unknown bits").isZero();
    return names.toString();
  }
}
