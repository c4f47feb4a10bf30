package twemlab.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import twemlab.hashing.Distribution;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;

/// Counts what a distribution does with many keys: how even it is, and what moves when a server
/// dies. The keys' hashes are different numbers without a pattern, the same in every run; the hash
/// functions' own weaknesses are left out.
///
/// @param keys how many keys are counted
/// @param sets how many pools of equal servers with other names
public record DistributionStudy(int keys, int sets) {
  public static final DistributionStudy QUICK = new DistributionStudy(100_000, 3);
  public static final DistributionStudy FULL = new DistributionStudy(1_000_000, 10);

  private static final int DEATHS = 10;
  private static final int OTHER_DRAW = 0x5bd1e995;

  /// The fullest server's share as a multiple of the even one, over pools with other names.
  record Spread(double least, double mean, double most) {}

  /// Which part of the keys changes servers at a death, on average over the servers that may die.
  ///
  /// @param needed keys of the dead server: the optimum
  /// @param needless keys of servers that live
  record Move(double needed, double needless) {}

  Spread balance(DistributionKind kind, int servers) {
    double[] fullest = new double[sets];
    for (int set = 0; set < sets; set++) {
      Distribution ring = kind.build(Keys.servers(servers, set));
      int[] count = new int[servers];
      for (int key = 0; key < keys; key++) {
        count[pick(ring, key, 0)]++;
      }
      fullest[set] = Arrays.stream(count).max().orElseThrow() * (double) servers / keys;
    }
    Arrays.sort(fullest);
    return new Spread(
        fullest[0], Arrays.stream(fullest).average().orElseThrow(), fullest[sets - 1]);
  }

  /// Of many servers ten die in turn, the first and the last among them.
  Move disruption(DistributionKind kind, int servers) {
    List<Node> nodes = Keys.servers(servers, 0);
    Distribution before = kind.build(nodes);
    int deaths = Math.min(DEATHS, servers);
    long needed = 0;
    long needless = 0;
    for (int i = 0; i < deaths; i++) {
      int dead = i * (servers - 1) / (deaths - 1);
      Distribution after = kind.build(without(nodes, dead));
      for (int key = 0; key < keys; key++) {
        int home = pick(before, key, 0);
        // A request draws anew: under random, no key has a home.
        if (home == dead) {
          needed++;
        } else if (pick(after, key, OTHER_DRAW) != home) {
          needless++;
        }
      }
    }
    double all = (double) keys * deaths;
    return new Move(needed / all, needless / all);
  }

  private static int pick(Distribution ring, int key, int draw) {
    return ring.pick(Keys.mix(key), Loads.NONE, Keys.mix(~key ^ draw));
  }

  private static List<Node> without(List<Node> nodes, int dead) {
    List<Node> live = new ArrayList<>(nodes);
    Node node = nodes.get(dead);
    live.set(dead, new Node(node.index(), node.name(), node.weight(), false));
    return live;
  }
}
