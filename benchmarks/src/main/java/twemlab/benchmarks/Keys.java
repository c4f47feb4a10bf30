package twemlab.benchmarks;

import java.util.ArrayList;
import java.util.List;
import twemlab.hashing.Node;

/// Keys and servers for the benchmarks of hashing.
public final class Keys {
  /// How many keys take turns; a power of two.
  static final int COUNT = 64;

  private Keys() {}

  /// A key whose bytes all depend on its number.
  static byte[] key(int number, int length) {
    byte[] key = new byte[length];
    int state = mix(number + 1);
    for (int i = 0; i < length; i++) {
      state = mix(state + i);
      key[i] = (byte) ('!' + Integer.remainderUnsigned(state, 94));
    }
    return key;
  }

  /// Live servers of equal weight.
  ///
  /// @param set other names for each set
  static List<Node> servers(int count, int set) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(new Node(i, "10." + set + "." + i / 250 + "." + (i % 250 + 1) + ":6379", 1, true));
    }
    return nodes;
  }

  /// Spreads a number over 32 bits, one to one (the finalizer of MurmurHash3, Appleby 2011).
  static int mix(int number) {
    int h = number;
    h = (h ^ h >>> 16) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
