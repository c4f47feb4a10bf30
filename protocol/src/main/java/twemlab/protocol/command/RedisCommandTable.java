package twemlab.protocol.command;

import java.nio.charset.StandardCharsets;
import twemlab.protocol.bytes.PackedWord;

/// Finds the row of a name in one step: an open-addressed hash table over the packed names.
///
/// The names are packed into three longs ([PackedWord]), so a probe is three comparisons and no
/// loop over bytes. (Folding makes DEL of an underscore: whoever sends `SORT<DEL>RO` gets the
/// server's word that there is no such command, not ours.) Built once from the rows of
/// [RedisCommand]; nothing else lists the names.
public final class RedisCommandTable {
  /// More than four times the rows, so that a probe nearly always hits at once; a power of two.
  private static final int SLOTS = 1024;

  private static final long[] LOW = new long[SLOTS];
  private static final long[] HIGH = new long[SLOTS];
  private static final long[] TOP = new long[SLOTS];
  private static final RedisCommand[] ROWS = new RedisCommand[SLOTS];

  static {
    for (RedisCommand row : RedisCommand.values()) {
      insert(row, row.wireName());
    }
  }

  private RedisCommandTable() {}

  private static void insert(RedisCommand row, String name) {
    if (name.length() > PackedWord.MAX_LENGTH) {
      throw new ExceptionInInitializerError("the name is too long: " + name);
    }
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    long low = PackedWord.folded(bytes, 0, bytes.length);
    long high = PackedWord.folded(bytes, 8, bytes.length);
    long top = PackedWord.folded(bytes, 16, bytes.length);
    int slot = slot(low, high, top);
    while (ROWS[slot] != null) {
      slot = (slot + 1) % SLOTS;
    }
    LOW[slot] = low;
    HIGH[slot] = high;
    TOP[slot] = top;
    ROWS[slot] = row;
  }

  /// The row of a name that was folded to lower case and packed, or null.
  public static RedisCommand find(long low, long high, long top) {
    int slot = slot(low, high, top);
    while (ROWS[slot] != null) {
      if (LOW[slot] == low && HIGH[slot] == high && TOP[slot] == top) {
        return ROWS[slot];
      }
      slot = (slot + 1) % SLOTS;
    }
    return null;
  }

  /// Multiplicative hashing (Knuth, volume 3, section 6.4): the high bits of a product.
  private static int slot(long low, long high, long top) {
    long mixed = (low ^ Long.rotateLeft(high, 21) ^ Long.rotateLeft(top, 42)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 54);
  }
}
