package twemlab.event.nio;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import twemlab.event.kernel.Address;

/// Addresses as java.nio has them.
final class NioAddresses {
  private NioAddresses() {}

  static ProtocolFamily family(Address address) {
    return switch (address) {
      case Address.Inet inet when inet.octets().size() == 4 -> StandardProtocolFamily.INET;
      case Address.Inet _ -> StandardProtocolFamily.INET6;
      case Address.Unix _ -> StandardProtocolFamily.UNIX;
    };
  }

  static SocketAddress of(Address address) {
    return switch (address) {
      case Address.Inet inet -> new InetSocketAddress(host(inet), inet.port());
      case Address.Unix unix -> UnixDomainSocketAddress.of(unix.path());
    };
  }

  private static InetAddress host(Address.Inet inet) {
    byte[] octets = new byte[inet.octets().size()];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = inet.octets().get(i);
    }
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("the length was checked", e);
    }
  }

  /// What is bound, given what was asked for.
  static Address bound(SocketAddress bound, Address asked) {
    return bound instanceof InetSocketAddress inet
        ? Address.inet(inet.getAddress().getAddress(), inet.getPort())
        : asked;
  }
}
