package twemlab.hashing;

import java.util.List;
import twemlab.hashing.function.Mix;

/// Jump consistent hash (Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm",
/// 2014, arXiv:1406.2294): a key's bucket among n, in O(ln n) steps and without any table.
///
/// Its balance is nearly perfect, and going from n buckets to n + 1 moves only the keys of the new
/// one. But buckets are numbers: only the last can go away. Here a bucket is a unit of weight, and
/// when servers die, the units that are left are numbered so that few keys move: with m live units
/// in all, a live unit below m keeps its number, and each dead unit below m is stood in for by a
/// live one from above. So the death of one server moves its own keys and those of as many units
/// from the end of the list, twice what ketama or rendezvous move and far less than modula.
///
/// Unlike the others, it depends on the position of the dead servers: to take a server off the list
/// is not the same as its death.
final class Jump implements Distribution {
  private final WeightUnits all;
  private final WeightUnits live;
  private final boolean[] liveAt;

  /// Dead units before the server at each position.
  private final int[] deadBefore;

  /// Live units whose number is below the number of live units: those that keep their number.
  private final int keptUnits;

  private Jump(List<Node> nodes) {
    all = new WeightUnits(nodes);
    live = new WeightUnits(nodes.stream().filter(Node::live).toList());
    liveAt = new boolean[nodes.size()];
    deadBefore = new int[nodes.size()];
    int dead = 0;
    int kept = 0;
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      liveAt[i] = node.live();
      deadBefore[i] = dead;
      if (node.live()) {
        kept += Math.clamp(live.total() - all.start(i), 0, node.weight());
      } else {
        dead += node.weight();
      }
    }
    keptUnits = kept;
  }

  static Jump build(List<Node> nodes) {
    return new Jump(nodes);
  }

  @Override
  public int pick(int hash, Loads loads, int drawn) {
    if (live.total() == 0) {
      return -1;
    }
    int unit = bucket(Mix.expand(hash), live.total());
    int position = all.position(unit);
    if (liveAt[position]) {
      return all.index(unit);
    }
    int deadUnit = deadBefore[position] + unit - all.start(position);
    return live.index(keptUnits + deadUnit);
  }

  /// The function of the paper. It follows the key's jumps from bucket to bucket as their number
  /// grows, drawing each next jump from a generator that the key seeds.
  static int bucket(long key, int buckets) {
    long state = key;
    long bucket = -1;
    long next = 0;
    while (next < buckets) {
      bucket = next;
      state = state * 2862933555777941757L + 1;
      next = (long) ((bucket + 1) * (0x1p31 / ((state >>> 33) + 1)));
    }
    return (int) bucket;
  }

  @Override
  public int liveCount() {
    return live.servers();
  }
}
