package twemlab.proxy;

import java.util.Arrays;

/// The connection of each server that one client uses, for as long as it is there: its requests to
/// a server keep their order (`server_connections`).
///
/// One loop's thread.
final class ServerPins {
  private final ServerPool pool;

  /// By the server's index: the connection's, or -1. Null until the first is chosen.
  private int[] connections;

  ServerPins(ServerPool pool) {
    this.pool = pool;
  }

  /// The index of the connection of a server, or -1 if none has been chosen.
  int get(int server) {
    return connections == null ? -1 : connections[server];
  }

  void set(int server, int connection) {
    if (connections == null) {
      connections = new int[pool.serverCount()];
      Arrays.fill(connections, -1);
    }
    connections[server] = connection;
  }

  /// The client is gone.
  void release() {
    if (connections == null) {
      return;
    }
    for (int server = 0; server < connections.length; server++) {
      if (connections[server] >= 0) {
        pool.server(server).unpin(connections[server]);
      }
    }
  }
}
