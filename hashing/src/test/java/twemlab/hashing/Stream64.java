package twemlab.hashing;

import java.util.ArrayList;
import java.util.List;
import twemlab.hashing.function.Mix;

/// A repeatable stream of numbers for the statistical tests, and servers to try them on.
final class Stream64 {
  private long state;

  Stream64(long seed) {
    state = seed;
  }

  long next() {
    state += 0x9e3779b97f4a7c15L;
    return Mix.mix(state);
  }

  int nextInt() {
    return (int) (next() >>> 32);
  }

  /// One live server for each weight, `10.0.0.1:6379` and so on.
  static List<Node> servers(int... weights) {
    List<Node> nodes = new ArrayList<>();
    for (int weight : weights) {
      nodes.add(new Node(nodes.size(), "10.0.0." + (nodes.size() + 1) + ":6379", weight, true));
    }
    return nodes;
  }

  /// The same servers, one of them dead.
  static List<Node> kill(List<Node> nodes, int index) {
    return nodes.stream()
        .map(n -> n.index() == index ? new Node(n.index(), n.name(), n.weight(), false) : n)
        .toList();
  }

  /// The same servers without one; the others keep their index.
  static List<Node> without(List<Node> nodes, int index) {
    return nodes.stream().filter(node -> node.index() != index).toList();
  }
}
