package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Faults;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SocketOptions;
import twemlab.sim.world.StreamSocket;
import twemlab.sim.world.TcpSocket;
import twemlab.sim.world.Trace;
import twemlab.sim.world.UnixSocket;
import twemlab.sim.world.World;

/// The socket calls of a simulated process: numbers and structures here, behaviour in the sockets.
final class SimSockets implements SocketCalls {
  /// Errors of accept(2) that are to be treated like EAGAIN; with each the connection is lost.
  private static final Errno[] ACCEPT_ERRORS = {
    Errno.ECONNABORTED, Errno.EAGAIN, Errno.EPROTO, Errno.ENETDOWN, Errno.EHOSTUNREACH
  };

  private final World world;
  private final String process;
  private final Platform platform;
  private final Descriptors descriptors;
  private final SimMemory memory;
  private final SocketOptions options;
  private final Gate gate;

  SimSockets(World world, String process, Descriptors descriptors, SimMemory memory, Gate gate) {
    this.world = world;
    this.process = process;
    this.platform = world.settings().platform();
    this.descriptors = descriptors;
    this.memory = memory;
    this.options = new SocketOptions(platform);
    this.gate = gate;
  }

  // --- making and ending

  @Override
  public int socket(int domain) {
    gate.enter(Call.OTHER);
    return gate.leave(Trace.Kind.SOCKET, -1, create(domain));
  }

  private int create(int domain) {
    if (domain != Platform.AF_UNIX && domain != Platform.AF_INET && domain != platform.afInet6()) {
      return Errno.EAFNOSUPPORT.result();
    }
    if (world.faults().fires(Fault.EMFILE)) {
      return Errno.EMFILE.result();
    }
    return descriptors.add(
        domain == Platform.AF_UNIX
            ? new UnixSocket(world, process)
            : new TcpSocket(world, process, domain));
  }

  @Override
  public int socketpair(MemorySegment pair, long offset) {
    gate.enter(Call.OTHER);
    UnixSocket one = new UnixSocket(world, process);
    UnixSocket two = new UnixSocket(world, process);
    UnixSocket.join(one, two);
    int first = descriptors.add(one);
    int second = first < 0 ? first : descriptors.add(two);
    if (second < 0) {
      if (first >= 0) {
        descriptors.close(first);
      }
      return gate.leave(Trace.Kind.SOCKETPAIR, -1, second);
    }
    pair.set(JAVA_INT_UNALIGNED, offset, first);
    pair.set(JAVA_INT_UNALIGNED, offset + 4, second);
    return gate.leave(Trace.Kind.SOCKETPAIR, first, 0, second);
  }

  @Override
  public int close(int fd) {
    gate.enter(Call.CLOSE);
    return gate.leave(Trace.Kind.CLOSE, fd, descriptors.close(fd));
  }

  @Override
  public int shutdown(int fd, int how) {
    gate.enter(Call.OTHER);
    StreamSocket socket = socketAt(fd);
    int result =
        socket == null
            ? noSocket(fd)
            : how < 0 || how > 2 ? Errno.EINVAL.result() : socket.shutdown(how);
    return gate.leave(Trace.Kind.SHUTDOWN, fd, result, how);
  }

  // --- connecting

  @Override
  public int bind(int fd, MemorySegment address, long offset, int length) {
    gate.enter(Call.OTHER);
    StreamSocket socket = socketAt(fd);
    int result = socket == null ? noSocket(fd) : unsuitable(socket, address, offset, length);
    if (result == 0) {
      result = socket.bind(Address.read(platform, address, offset, length));
    }
    return gate.leave(Trace.Kind.BIND, fd, result, socket == null ? -1 : socket.port());
  }

  @Override
  public int listen(int fd, int backlog) {
    gate.enter(Call.OTHER);
    StreamSocket socket = socketAt(fd);
    int result = socket == null ? noSocket(fd) : socket.listen(backlog);
    return gate.leave(Trace.Kind.LISTEN, fd, result, backlog);
  }

  @Override
  public int accept(int fd) {
    gate.enter(Call.ACCEPT);
    StreamSocket socket = socketAt(fd);
    return gate.leave(Trace.Kind.ACCEPT, fd, socket == null ? noSocket(fd) : accept(socket));
  }

  /// The same for a request of io_uring.
  public int accept(StreamSocket listener) {
    if (!listener.listening()) {
      return Errno.EINVAL.result();
    }
    if (descriptors.full()) {
      return Errno.EMFILE.result();
    }
    if (listener.pendingConnections() == 0) {
      return Errno.EAGAIN.result();
    }
    Faults faults = world.faults();
    if (faults.fires(Fault.EMFILE)) {
      return Errno.EMFILE.result();
    }
    StreamSocket connection = listener.accept();
    if (faults.fires(Fault.ACCEPT_ERROR)) {
      connection.abort();
      return acceptError(listener).result();
    }
    return descriptors.add(connection);
  }

  /// EAGAIN would be a lie while others wait.
  private Errno acceptError(StreamSocket listener) {
    int drawn = world.faults().below(Fault.ACCEPT_ERROR, ACCEPT_ERRORS.length);
    Errno errno = ACCEPT_ERRORS[drawn];
    return errno == Errno.EAGAIN && listener.pendingConnections() > 0 ? Errno.ECONNABORTED : errno;
  }

  @Override
  public int connect(int fd, MemorySegment address, long offset, int length) {
    gate.enter(Call.CONNECT);
    StreamSocket socket = socketAt(fd);
    int result = socket == null ? noSocket(fd) : unsuitable(socket, address, offset, length);
    if (result == 0) {
      result = socket.connect(Address.read(platform, address, offset, length));
    }
    return gate.leave(Trace.Kind.CONNECT, fd, result, socket == null ? -1 : socket.port());
  }

  /// What is wrong with the address, or 0.
  private int unsuitable(StreamSocket socket, MemorySegment address, long offset, int length) {
    if (length < 2) {
      return Errno.EINVAL.result();
    }
    int family = family(address, offset);
    if (family != socket.domain) {
      boolean unix = socket.domain == Platform.AF_UNIX;
      return (unix ? Errno.EINVAL : Errno.EAFNOSUPPORT).result();
    }
    int least = family == Platform.AF_UNIX ? 3 : family == Platform.AF_INET ? 16 : 28;
    return length < least ? Errno.EINVAL.result() : 0;
  }

  private int family(MemorySegment address, long offset) {
    return platform.sockaddrHasLength()
        ? address.get(JAVA_BYTE, offset + 1)
        : address.get(JAVA_SHORT_UNALIGNED, offset);
  }

  // --- bytes

  @Override
  public int read(int fd, MemorySegment target, long offset, int length) {
    gate.enter(Call.READ);
    descriptors.asked(fd);
    StreamSocket socket = socketAt(fd);
    if (socket != null && (socket.poll() & (Ready.IN | Ready.ERR | Ready.HUP)) == 0) {
      descriptors.readNothing();
    }
    int result = socket == null ? noSocket(fd) : socket.read(target, offset, length);
    return gate.leave(Trace.Kind.READ, fd, result, length);
  }

  @Override
  public int write(int fd, MemorySegment source, long offset, int length) {
    gate.enter(Call.WRITE);
    StreamSocket socket = socketAt(fd);
    int result = socket == null ? noSocket(fd) : socket.admit(length);
    if (result > 0) {
      socket.append(source, offset, result);
      socket.flush();
    }
    return wrote(Trace.Kind.WRITE, fd, result, length);
  }

  @Override
  public int writev(int fd, MemorySegment iovecs, long offset, int count) {
    gate.enter(Call.WRITE);
    StreamSocket socket = socketAt(fd);
    long total =
        socket == null || count < 0 || count > Platform.IOV_MAX ? -1 : total(iovecs, offset, count);
    int result =
        socket == null
            ? noSocket(fd)
            : total < 0
                ? Errno.EINVAL.result()
                : socket.admit((int) Math.min(total, Integer.MAX_VALUE));
    if (result > 0) {
      gather(socket, iovecs, offset, result);
      socket.flush();
    }
    return wrote(Trace.Kind.WRITEV, fd, result, total);
  }

  private int wrote(Trace.Kind kind, int fd, int result, long length) {
    if (result < 0 && result != Errno.EAGAIN.result()) {
      descriptors.toldOfLoss(fd);
    }
    return gate.leave(kind, fd, result, length);
  }

  /// The sum of the lengths, after a look at every address; -1 if one is negative.
  private long total(MemorySegment iovecs, long offset, int count) {
    long total = 0;
    for (int i = 0; i < count; i++) {
      long at = offset + (long) i * Platform.IOVEC_SIZE;
      long length = iovecs.get(JAVA_LONG_UNALIGNED, at + Platform.IOVEC_LENGTH);
      if (length < 0) {
        return -1;
      }
      if (length > 0) {
        memory.at(iovecs.get(JAVA_LONG_UNALIGNED, at), length);
      }
      total += length;
    }
    return total;
  }

  private void gather(StreamSocket socket, MemorySegment iovecs, long offset, int accepted) {
    int left = accepted;
    for (long at = offset; left > 0; at += Platform.IOVEC_SIZE) {
      long address = iovecs.get(JAVA_LONG_UNALIGNED, at);
      long length = iovecs.get(JAVA_LONG_UNALIGNED, at + Platform.IOVEC_LENGTH);
      int part = (int) Math.min(length, left);
      if (part > 0) {
        MemorySegment segment = memory.at(address, length);
        socket.append(segment, address - segment.address(), part);
        left -= part;
      }
    }
  }

  // --- options and names

  @Override
  public int setsockopt(int fd, int level, int option, int value) {
    gate.enter(Call.OTHER);
    StreamSocket socket = socketAt(fd);
    int result = socket == null ? noSocket(fd) : options.set(socket, level, option, value);
    return gate.leave(Trace.Kind.SETSOCKOPT, fd, result, value);
  }

  @Override
  public int getsockopt(int fd, int level, int option) {
    gate.enter(Call.OTHER);
    descriptors.asked(fd);
    StreamSocket socket = socketAt(fd);
    int result = socket == null ? noSocket(fd) : options.get(socket, level, option);
    return gate.leave(Trace.Kind.GETSOCKOPT, fd, result, option);
  }

  @Override
  public int getsockname(int fd, MemorySegment address, long offset) {
    gate.enter(Call.OTHER);
    StreamSocket socket = socketAt(fd);
    int result = socket == null ? noSocket(fd) : name(socket, socket.local, address, offset);
    return gate.leave(Trace.Kind.GETSOCKNAME, fd, result);
  }

  @Override
  public int getpeername(int fd, MemorySegment address, long offset) {
    gate.enter(Call.OTHER);
    StreamSocket socket = socketAt(fd);
    int result =
        socket == null
            ? noSocket(fd)
            : socket.connected()
                ? name(socket, socket.peer, address, offset)
                : Errno.ENOTCONN.result();
    return gate.leave(Trace.Kind.GETPEERNAME, fd, result);
  }

  private int name(StreamSocket socket, Address name, MemorySegment target, long offset) {
    if (name != null) {
      return name.write(platform, target, offset);
    }
    if (socket.domain == Platform.AF_UNIX) { // unnamed: the family alone, unix(7)
      new Address.Unix("").write(platform, target, offset);
      return 2;
    }
    int size = socket.domain == Platform.AF_INET ? 4 : 16;
    return Address.inet(new byte[size], 0).write(platform, target, offset);
  }

  @Override
  public int unlink(String path) {
    gate.enter(Call.OTHER);
    return gate.leave(Trace.Kind.UNLINK, -1, world.network().unlink(path));
  }

  @Override
  public int lstat(String path, FileStatus status) {
    gate.enter(Call.OTHER);
    return gate.leave(Trace.Kind.LSTAT, -1, world.network().lstat(path, status));
  }

  @Override
  public int chmod(String path, int mode) {
    gate.enter(Call.OTHER);
    int result = world.network().pathExists(path) ? 0 : Errno.ENOENT.result();
    return gate.leave(Trace.Kind.CHMOD, -1, result, mode);
  }

  private StreamSocket socketAt(int fd) {
    return descriptors.get(fd) instanceof StreamSocket socket ? socket : null;
  }

  private int noSocket(int fd) {
    return (descriptors.get(fd) == null ? Errno.EBADF : Errno.ENOTSOCK).result();
  }
}
