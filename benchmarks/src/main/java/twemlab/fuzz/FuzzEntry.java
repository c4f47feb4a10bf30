package twemlab.fuzz;

/// Where Jazzer enters, by the names that it looks for. Public for Jazzer alone.
public final class FuzzEntry {
  private static FuzzTarget target;

  private FuzzEntry() {}

  /// Called once.
  ///
  /// @param arguments the name of a target
  public static void fuzzerInitialize(String[] arguments) {
    target = FuzzTarget.byName(arguments[0]);
  }

  /// Called with each input.
  public static void fuzzerTestOneInput(byte[] input) {
    target.check(input);
  }
}
