package twemlab.proxy.message;

import java.util.Arrays;

/// The connection of each server that one client uses, for as long as it is there: its requests to
/// a server keep their order (`server_connections`).
///
/// One loop's thread.
public final class ServerPins {
  /// Takes back a choice.
  public interface Unpin {
    void unpin(int server, int connection);
  }

  private final int servers;

  /// By the server's index: the connection's, or -1. Null until the first is chosen.
  private int[] connections;

  /// Nothing is chosen yet.
  ///
  /// @param servers how many the pool has
  public ServerPins(int servers) {
    this.servers = servers;
  }

  /// The index of the connection of a server, or -1 if none has been chosen.
  public int get(int server) {
    return connections == null ? -1 : connections[server];
  }

  /// A connection of a server is chosen.
  public void set(int server, int connection) {
    if (connections == null) {
      connections = new int[servers];
      Arrays.fill(connections, -1);
    }
    connections[server] = connection;
  }

  /// The client is gone: every choice is taken back.
  public void release(Unpin unpin) {
    if (connections == null) {
      return;
    }
    for (int server = 0; server < servers; server++) {
      if (connections[server] >= 0) {
        unpin.unpin(server, connections[server]);
      }
    }
  }
}
