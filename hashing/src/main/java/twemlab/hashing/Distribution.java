package twemlab.hashing;

/// Chooses a server by a key's hash. Immutable: when a server is ejected or returns, a new one is
/// built from the new list ([DistributionKind#build]) and takes the place of the old one between
/// two requests, never inside one. May be used by any thread; `pick` allocates nothing.
public interface Distribution {
  /// Chooses a server. The same arguments always give the same answer.
  ///
  /// @param hash the key's unsigned 32-bit hash
  /// @param loads how busy the servers are; [Loads#NONE] when that does not matter
  /// @param drawn a random number of all 32 bits, drawn once per request by the caller
  /// @return the index of a live server, or -1 when there is none
  int pick(int hash, Loads loads, int drawn);

  /// How many servers are live.
  int liveCount();
}
