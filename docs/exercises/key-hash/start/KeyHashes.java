package twemlab.exercise.keyhash;

/// Two forms of FNV-1a with 32 bits.
final class KeyHashes {
  private KeyHashes() {}

  /// FNV-1a as RFC 9923 defines it.
  ///
  /// @return an unsigned 32-bit number
  static int fnv1a(byte[] key) {
    return 0; // yours to write
  }

  /// FNV-1a as twemproxy computes it, which takes bytes as C's `char`: a number from -128 to 127.
  ///
  /// @return an unsigned 32-bit number
  static int fnv1aOfTwemproxy(byte[] key) {
    return 0; // yours to write
  }
}
