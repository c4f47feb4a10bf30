package twemlab.hashing;

import java.util.List;

/// The remainder of the hash by the total weight of the live servers. C counterpart `nc_modula.c`.
///
/// The plainest distribution and the best balanced one, but when a server dies nearly every key
/// moves: from n servers to n - 1, all but about one in n.
///
/// twemproxy writes each server into a list once for each unit of weight; [WeightUnits] gives the
/// same answers without the list.
final class Modula implements Continuum {
  private final WeightUnits live;

  private Modula(WeightUnits live) {
    this.live = live;
  }

  static Modula build(List<Node> nodes) {
    return new Modula(new WeightUnits(nodes.stream().filter(Node::live).toList()));
  }

  /// C counterpart `modula_dispatch`.
  @Override
  public int pick(int hash, Loads loads, int drawn) {
    return live.total() == 0 ? -1 : live.index(Integer.remainderUnsigned(hash, live.total()));
  }

  @Override
  public int liveCount() {
    return live.servers();
  }

  @Override
  public int pointCount() {
    return live.total();
  }

  @Override
  public int pointValue(int i) {
    return 0;
  }

  @Override
  public int pointIndex(int i) {
    return live.index(i);
  }
}
