package twemlab.proxy.conf;

/// Where a socket listens or connects, as written in the file; nothing is resolved here.
public sealed interface Endpoint {

  /// A TCP endpoint.
  ///
  /// @param host a name, an IPv4 address or an IPv6 address without brackets; may be empty for a
  ///   server (its resolution then fails when it is used)
  /// @param port 1 to 65535
  record Inet(String host, int port) implements Endpoint {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /// A unix stream socket.
  ///
  /// @param path absolute; for a listener at most 107 bytes of UTF-8
  record Unix(String path) implements Endpoint {
    @Override
    public String toString() {
      return path;
    }
  }
}
