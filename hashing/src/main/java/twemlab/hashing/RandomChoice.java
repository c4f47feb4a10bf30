package twemlab.hashing;

import java.util.List;

/// Any live server, whatever the key and the weights: for servers that all hold the same. C
/// counterpart `nc_random.c`; the number that `random(3)` gives there is an argument here.
final class RandomChoice implements Distribution {
  private final int[] indices;

  private RandomChoice(int[] indices) {
    this.indices = indices;
  }

  static RandomChoice build(List<Node> nodes) {
    return new RandomChoice(nodes.stream().filter(Node::live).mapToInt(Node::index).toArray());
  }

  @Override
  public int pick(int hash, Loads loads, int drawn) {
    return indices.length == 0 ? -1 : indices[Integer.remainderUnsigned(drawn, indices.length)];
  }

  @Override
  public int liveCount() {
    return indices.length;
  }
}
