package twemlab.hashing;

import java.util.Arrays;
import java.util.List;
import twemlab.hashing.function.Mix;

/// Maglev hashing (Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer",
/// NSDI 2016, section 3.4): a lookup is one division and one load from a table.
///
/// Each server has its own permutation of the table's slots, made of its name. In turns, each takes
/// the first slot of its permutation that is still free. So with equal weights every server has the
/// same number of slots to within one. When a server dies its slots go to the others, but a few
/// other slots change hands too, the fewer the larger the table.
///
/// A weight is the share of turns that a server takes: the heaviest takes one each round.
final class Maglev implements Distribution {
  /// The paper's two sizes; a prime, so that every step visits every slot. A table has at least a
  /// hundred slots a server.
  private static final int SMALL = 65_537;

  private static final int LARGE = 655_373;

  private final int[] table;
  private final int liveCount;

  private Maglev(int[] table, int liveCount) {
    this.table = table;
    this.liveCount = liveCount;
  }

  static Maglev build(List<Node> nodes) {
    List<Node> live = nodes.stream().filter(Node::live).toList();
    int slots = live.size() <= SMALL / 100 ? SMALL : LARGE;
    int[] table = live.isEmpty() ? new int[0] : populate(live, slots);
    return new Maglev(table, live.size());
  }

  private static int[] populate(List<Node> live, int slots) {
    int heaviest = live.stream().mapToInt(Node::weight).max().orElseThrow();
    int[] table = new int[slots];
    Arrays.fill(table, -1);
    int[] next = new int[live.size()];
    int[] skip = new int[live.size()];
    for (int i = 0; i < next.length; i++) {
      long seed = Rendezvous.seed(live.get(i));
      next[i] = (int) Long.remainderUnsigned(seed, slots);
      skip[i] = (int) Long.remainderUnsigned(Mix.mix(seed), slots - 1) + 1;
    }
    long[] credit = new long[live.size()];
    int filled = 0;
    while (true) {
      for (int i = 0; i < next.length; i++) {
        credit[i] += live.get(i).weight();
        if (credit[i] < heaviest) {
          continue;
        }
        credit[i] -= heaviest;
        while (table[next[i]] >= 0) {
          next[i] = (next[i] + skip[i]) % slots;
        }
        table[next[i]] = live.get(i).index();
        if (++filled == slots) {
          return table;
        }
      }
    }
  }

  @Override
  public int pick(int hash, Loads loads, int drawn) {
    if (table.length == 0) {
      return -1;
    }
    return table[(int) Long.remainderUnsigned(Mix.expand(hash), table.length)];
  }

  /// How many slots each server has, by index: for the tests of balance.
  int[] slots(int servers) {
    int[] slots = new int[servers];
    for (int index : table) {
      slots[index]++;
    }
    return slots;
  }

  @Override
  public int liveCount() {
    return liveCount;
  }
}
