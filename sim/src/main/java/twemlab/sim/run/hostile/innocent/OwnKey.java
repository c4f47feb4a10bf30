package twemlab.sim.run.hostile.innocent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import twemlab.sim.run.servers.ServerProcess;

/// A key that one innocent client alone uses, and what it holds.
final class OwnKey {
  final String name;
  final ServerProcess server;

  /// Null if it does not exist.
  String value;

  OwnKey(String name, ServerProcess server) {
    this.name = name;
    this.server = server;
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
