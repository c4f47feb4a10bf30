package twemlab.protocol.command;

/// How many elements a request may have, the command's name included.
///
/// @param minimum the smallest number
/// @param maximum the largest number, `Integer.MAX_VALUE` for no bound
public record Arity(int minimum, int maximum) {
  /// A request has exactly `elements` elements.
  public static Arity exactly(int elements) {
    return new Arity(elements, elements);
  }

  /// A request has `elements` elements or more.
  public static Arity atLeast(int elements) {
    return new Arity(elements, Integer.MAX_VALUE);
  }

  /// Whether a request of `elements` elements is one of this arity.
  public boolean accepts(int elements) {
    return elements >= minimum && elements <= maximum;
  }
}
