package twemlab.exercise.keyhash;

/// Two forms of FNV-1a with 32 bits.
final class KeyHashes {
  private static final int OFFSET_BASIS = 0x811c9dc5;
  private static final int PRIME = 0x01000193;

  private KeyHashes() {}

  /// FNV-1a as RFC 9923 defines it.
  ///
  /// @return an unsigned 32-bit number
  static int fnv1a(byte[] key) {
    int hash = OFFSET_BASIS;
    for (byte octet : key) {
      hash = (hash ^ (octet & 0xff)) * PRIME;
    }
    return hash;
  }

  /// FNV-1a as twemproxy computes it, which takes bytes as C's `char`: a number from -128 to 127.
  ///
  /// @return an unsigned 32-bit number
  static int fnv1aOfTwemproxy(byte[] key) {
    int hash = OFFSET_BASIS;
    for (byte octet : key) {
      // Java's bytes are signed: the conversion to int copies the sign, as C's does on x86.
      hash = (hash ^ octet) * PRIME;
    }
    return hash;
  }
}
