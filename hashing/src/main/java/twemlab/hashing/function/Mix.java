package twemlab.hashing.function;

/// Makes 64 well-mixed bits of fewer or worse ones, for the distributions beyond twemproxy. The key
/// hashes that twemproxy offers are uneven (fnv1a_64 clusters, crc32 has 15 bits); the published
/// analyses of these distributions assume hashes that are not.
public final class Mix {
  private Mix() {}

  /// A bijection of 64-bit numbers: the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014;
  /// constants: David Stafford's variant 13).
  public static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /// A key's unsigned 32-bit hash as 64 bits. Adding the golden ratio keeps 0 from mapping to 0.
  public static long expand(int hash) {
    return mix(Integer.toUnsignedLong(hash) + 0x9e3779b97f4a7c15L);
  }
}
