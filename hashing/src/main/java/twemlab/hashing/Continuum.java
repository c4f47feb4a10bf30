package twemlab.hashing;

/// A distribution that is a list of points, each of a value and a server's index. C counterpart
/// `struct continuum`.
public interface Continuum extends Distribution {
  /// How many points there are.
  int pointCount();

  /// The unsigned 32-bit value of point `i`, or 0 where points have no value (modula).
  int pointValue(int i);

  /// The index of the server that owns point `i`.
  int pointIndex(int i);
}
