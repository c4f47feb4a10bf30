package twemlab.sim.run.hostile.innocent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import twemlab.sim.run.servers.ServerProcess;

/// A key that one innocent client alone uses, and what it holds.
public final class OwnKey {
  final String name;
  final ServerProcess server;

  /// Null if it does not exist.
  public String value;

  public OwnKey(String name, ServerProcess server) {
    this.name = name;
    this.server = server;
  }

  public static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
