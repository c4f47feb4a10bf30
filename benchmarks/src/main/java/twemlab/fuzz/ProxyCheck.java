package twemlab.fuzz;

import java.nio.charset.StandardCharsets;

/// The property of the whole proxy, for anything that clients and servers send: it throws nothing,
/// comes to rest, leaves nothing behind, and answers an innocent client rightly and in time.
final class ProxyCheck {
  private ProxyCheck() {}

  /// Throws when the property does not hold for the [Script] that the input is.
  static void check(byte[] input) {
    check(input, null);
  }

  /// The same.
  ///
  /// @param trace shows what happens, or null
  static void check(byte[] input, ScriptTrace trace) {
    if (new String(input, StandardCharsets.ISO_8859_1).contains(Innocent.KEY)) {
      return; // who writes the innocent's key is answered for by nobody
    }
    try (ScriptStage stage = new ScriptStage(Script.decode(input), trace)) {
      stage.play();
    } catch (ScriptServer.TooMuch e) {
      // Nothing is said about such a script.
    }
  }
}
