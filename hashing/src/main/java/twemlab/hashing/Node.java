package twemlab.hashing;

import java.util.Objects;

/// A server as a distribution sees it. C counterpart the part of `struct server` that
/// `ketama_update` and `modula_update` read.
///
/// @param index its position in the pool, which stays the same while it is dead
/// @param name what is hashed onto the ring; a server that is renamed moves
/// @param weight its share relative to the other servers, at least 1
/// @param live false while it is ejected: it keeps its index but gets no keys
public record Node(int index, String name, int weight, boolean live) {

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException for a negative index or a weight below 1
  public Node {
    Objects.requireNonNull(name);
    if (index < 0 || weight < 1) {
      throw new IllegalArgumentException(
          "server " + name + ": index " + index + ", weight " + weight);
    }
  }
}
