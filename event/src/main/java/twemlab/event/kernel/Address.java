package twemlab.event.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// A resolved address of a stream socket, which writes itself as the platform's `struct sockaddr`.
public sealed interface Address {

  /// An IPv4 or IPv6 address: 4 or 16 bytes in network order, and a port of 0 to 65535.
  record Inet(List<Byte> octets, int port) implements Address {
    public Inet {
      if (octets.size() != 4 && octets.size() != 16) {
        throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + octets.size());
      }
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port " + port + " is not in 0 to 65535");
      }
    }

    @Override
    public String toString() {
      try {
        String host = InetAddress.getByAddress(bytes()).getHostAddress();
        return octets.size() == 4 ? host + ":" + port : "[" + host + "]:" + port;
      } catch (UnknownHostException e) {
        throw new AssertionError("the length was checked", e);
      }
    }

    private byte[] bytes() {
      byte[] bytes = new byte[octets.size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = octets.get(i);
      }
      return bytes;
    }
  }

  /// A path of the file system, unix(7).
  record Unix(String path) implements Address {
    @Override
    public String toString() {
      return path;
    }
  }

  /// An address from its bytes in network order (4 or 16).
  static Inet inet(byte[] octets, int port) {
    Byte[] boxed = new Byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      boxed[i] = octets[i];
    }
    return new Inet(Arrays.asList(boxed), port);
  }

  /// 127.0.0.1 with a port; port 0 lets the kernel choose.
  static Inet loopback(int port) {
    return inet(new byte[] {127, 0, 0, 1}, port);
  }

  /// The `domain` argument of socket(2).
  default int family(Platform platform) {
    return switch (this) {
      case Inet inet -> inet.octets().size() == 4 ? Platform.AF_INET : platform.afInet6();
      case Unix _ -> Platform.AF_UNIX;
    };
  }

  /// Whether the path, with its terminating NUL, fits the structure; an internet address always
  /// does.
  default boolean fits(Platform platform) {
    return !(this instanceof Unix unix)
        || unix.path().getBytes(StandardCharsets.UTF_8).length < platform.unixPathMax();
  }

  /// Writes the `struct sockaddr` at an offset of at least [Platform#SOCKADDR_MAX] free bytes.
  ///
  /// @return the structure's length in bytes
  default int write(Platform platform, MemorySegment memory, long offset) {
    memory.asSlice(offset, Platform.SOCKADDR_MAX).fill((byte) 0);
    int length =
        switch (this) {
          case Inet inet when inet.octets().size() == 4 -> writeInet4(inet, memory, offset);
          case Inet inet -> writeInet6(inet, memory, offset);
          case Unix unix -> writeUnix(unix, memory, offset);
        };
    if (platform.sockaddrHasLength()) {
      memory.set(JAVA_BYTE, offset, (byte) length);
      memory.set(JAVA_BYTE, offset + 1, (byte) family(platform));
    } else {
      memory.set(JAVA_SHORT_UNALIGNED, offset, (short) family(platform));
    }
    return length;
  }

  /// Reads back what [#write] writes: what getsockname(2) answered.
  static Address read(Platform platform, MemorySegment memory, long offset, int length) {
    int family =
        platform.sockaddrHasLength()
            ? memory.get(JAVA_BYTE, offset + 1)
            : memory.get(JAVA_SHORT_UNALIGNED, offset);
    if (family == Platform.AF_UNIX) {
      byte[] path = octets(memory, offset + 2, Math.max(0, length - 2));
      int end = 0;
      while (end < path.length && path[end] != 0) {
        end++;
      }
      return new Unix(new String(path, 0, end, StandardCharsets.UTF_8));
    }
    int high = memory.get(JAVA_BYTE, offset + 2) & 0xff;
    int low = memory.get(JAVA_BYTE, offset + 3) & 0xff;
    int port = (high << 8) | low;
    return family == Platform.AF_INET
        ? inet(octets(memory, offset + 4, 4), port)
        : inet(octets(memory, offset + 8, 16), port);
  }

  private static byte[] octets(MemorySegment memory, long offset, int count) {
    byte[] octets = new byte[count];
    MemorySegment.copy(memory, JAVA_BYTE, offset, octets, 0, count);
    return octets;
  }

  private static int writeInet4(Inet inet, MemorySegment memory, long offset) {
    writePort(inet.port(), memory, offset);
    MemorySegment.copy(inet.bytes(), 0, memory, JAVA_BYTE, offset + 4, 4);
    return 16;
  }

  private static int writeInet6(Inet inet, MemorySegment memory, long offset) {
    writePort(inet.port(), memory, offset);
    MemorySegment.copy(inet.bytes(), 0, memory, JAVA_BYTE, offset + 8, 16);
    return 28;
  }

  private static void writePort(int port, MemorySegment memory, long offset) {
    memory.set(JAVA_BYTE, offset + 2, (byte) (port >>> 8));
    memory.set(JAVA_BYTE, offset + 3, (byte) port);
  }

  private static int writeUnix(Unix unix, MemorySegment memory, long offset) {
    byte[] path = unix.path().getBytes(StandardCharsets.UTF_8);
    MemorySegment.copy(path, 0, memory, JAVA_BYTE, offset + 2, path.length);
    return 2 + path.length + 1;
  }
}
