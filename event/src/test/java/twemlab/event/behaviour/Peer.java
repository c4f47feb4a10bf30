package twemlab.event.behaviour;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.testing.AuditedKernel;

/// The other end of a connection, by bare system calls: it does nothing that the test does not ask
/// for.
final class Peer {
  private static final int BUFFER = 64 << 10;

  private final SocketCalls sockets;
  private final Platform platform;
  private final MemorySegment memory;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private int fd;
  private Errno error;
  private boolean ended;

  /// @param memory at least [#memoryBytes], shared by all peers of a test
  Peer(AuditedKernel kernel, MemorySegment memory, int fd) {
    this.sockets = kernel.plainSockets();
    this.platform = kernel.platform();
    this.memory = memory;
    this.fd = fd;
  }

  static int memoryBytes() {
    return BUFFER + Platform.SOCKADDR_MAX;
  }

  /// A socket that is not connected yet.
  static Peer of(AuditedKernel kernel, MemorySegment memory, Address address) {
    int fd = kernel.plainSockets().socket(address.family(kernel.platform()));
    return new Peer(kernel, memory, fd);
  }

  /// The descriptor.
  int descriptor() {
    return fd;
  }

  /// Starts to connect, with the result of connect(2).
  int connect(Address address) {
    int length = address.write(platform, memory, BUFFER);
    return sockets.connect(fd, memory, BUFFER, length);
  }

  /// SO_SNDBUF and SO_RCVBUF.
  Peer buffers(int bytes) {
    sockets.setsockopt(fd, platform.solSocket(), platform.soSndBuf(), bytes);
    sockets.setsockopt(fd, platform.solSocket(), platform.soRcvBuf(), bytes);
    return this;
  }

  /// Writes once.
  ///
  /// @return how many bytes the kernel took, or `-errno`
  int write(byte[] bytes, int from) {
    int length = Math.min(BUFFER, bytes.length - from);
    MemorySegment.copy(bytes, from, memory, JAVA_BYTE, 0, length);
    return sockets.write(fd, memory, 0, length);
  }

  /// Writes a short text whole.
  void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int written = write(bytes, 0);
    if (written != bytes.length) {
      throw new AssertionError("the peer wrote " + written + " of " + bytes.length);
    }
  }

  /// Reads at most so many bytes, until there are none left.
  Peer read(int limit) {
    int left = limit;
    while (left > 0 && !ended && error == null && fd >= 0) {
      int result = sockets.read(fd, memory, 0, Math.min(left, BUFFER));
      if (result == Errno.EAGAIN.result()) {
        break;
      }
      if (result > 0) {
        byte[] bytes = new byte[result];
        MemorySegment.copy(memory, JAVA_BYTE, 0, bytes, 0, result);
        received.writeBytes(bytes);
        left -= result;
      } else if (result == 0) {
        ended = true;
      } else {
        error = Errno.of(result);
      }
    }
    return this;
  }

  /// Reads all that is there.
  Peer read() {
    return read(Integer.MAX_VALUE);
  }

  byte[] received() {
    return received.toByteArray();
  }

  int receivedCount() {
    return received.size();
  }

  String text() {
    return received.toString(StandardCharsets.US_ASCII);
  }

  /// Whether a read answered 0.
  boolean ended() {
    return ended;
  }

  /// The error of a read, or null.
  Errno error() {
    return error;
  }

  void shutdownWrite() {
    sockets.shutdown(fd, Platform.SHUT_WR);
  }

  void close() {
    if (fd >= 0) {
      sockets.close(fd);
      fd = -1;
    }
  }
}
