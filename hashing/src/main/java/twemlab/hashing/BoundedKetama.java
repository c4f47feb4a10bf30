package twemlab.hashing;

import java.util.List;

/// Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with
/// Bounded Loads", 2016, arXiv:1608.01350) on ketama's ring.
///
/// No server may hold more than a quarter above its share of the outstanding requests: its capacity
/// is `ceil(1.25 * (outstanding of all + 1) * weight / total weight)`. A key goes to the first
/// server clockwise that is below it. So a hot key, which on a plain ring buries one server, spills
/// over to the next ones, and always to the same. The price: the same key may be on several
/// servers, which suits caches that are filled on a miss, and nothing that must be read where it
/// was written.
final class BoundedKetama implements Continuum {
  /// The paper's c: 1 would be perfect balance and much wandering, infinity is plain ketama.
  private static final double BALANCE = 1.25;

  private final Ketama ring;
  private final int[] liveIndices;

  /// Share of the total weight, by server index; 0 for the dead.
  private final double[] shares;

  private BoundedKetama(Ketama ring, int[] liveIndices, double[] shares) {
    this.ring = ring;
    this.liveIndices = liveIndices;
    this.shares = shares;
  }

  static BoundedKetama build(List<Node> nodes) {
    List<Node> live = nodes.stream().filter(Node::live).toList();
    long totalWeight = live.stream().mapToLong(Node::weight).sum();
    double[] shares = new double[nodes.stream().mapToInt(Node::index).max().orElse(-1) + 1];
    live.forEach(node -> shares[node.index()] = (double) node.weight() / totalWeight);
    return new BoundedKetama(
        Ketama.build(nodes), live.stream().mapToInt(Node::index).toArray(), shares);
  }

  @Override
  public int pick(int hash, Loads loads, int drawn) {
    int points = ring.pointCount();
    if (points == 0) {
      return -1;
    }
    double bound = BALANCE * (total(loads) + 1);
    int first = ring.firstPoint(hash);
    int point = first;
    do {
      int index = ring.pointIndex(point);
      if (loads.outstanding(index) < Math.ceil(bound * shares[index])) {
        return index;
      }
      point = point + 1 == points ? 0 : point + 1;
    } while (point != first);
    // Some server is below its bound, but it may be so light that it has no point (museum C12).
    return ring.pointIndex(first);
  }

  private long total(Loads loads) {
    long total = 0;
    for (int index : liveIndices) {
      total += loads.outstanding(index);
    }
    return total;
  }

  @Override
  public int liveCount() {
    return ring.liveCount();
  }

  @Override
  public int pointCount() {
    return ring.pointCount();
  }

  @Override
  public int pointValue(int i) {
    return ring.pointValue(i);
  }

  @Override
  public int pointIndex(int i) {
    return ring.pointIndex(i);
  }
}
