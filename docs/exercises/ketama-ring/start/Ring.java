package twemlab.exercise.ketamaring;

import java.util.List;

/// A ketama ring of servers of equal weight.
final class Ring {
  /// Builds the ring.
  ///
  /// @param names of the servers; each gets 160 points
  Ring(List<String> names) {
    // yours to write
  }

  /// The index of the server that owns a hash.
  ///
  /// @param hash an unsigned 32-bit number
  int pick(int hash) {
    return 0; // yours to write
  }

  /// What part of the circle a server's arcs make up, from 0 to 1.
  double share(int server) {
    return 0; // yours to write
  }
}
