package twemlab.proxy.trace;

import twemlab.event.kernel.Address;

/// The peer of a connection.
///
/// @param name of the client or server, which is the name of its lane
/// @param redis whether redis is spoken; memcached otherwise
/// @param client whether it is a client, to the proxy
public record Party(String name, boolean redis, boolean client) {

  /// Tells the parties of a proxy's connections.
  public interface Directory {
    /// The own address of a descriptor, or null.
    Address local(int fd);

    /// The address at the other end, or null.
    Address peer(int fd);

    /// Who that is.
    ///
    /// @param accepted whether the connection was accepted: then it is a client
    Party party(Address local, Address peer, boolean accepted);
  }
}
