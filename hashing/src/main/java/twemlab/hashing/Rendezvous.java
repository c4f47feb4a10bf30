package twemlab.hashing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import twemlab.hashing.function.Mix;
import twemlab.hashing.function.Xxh3;

/// Rendezvous hashing, also called highest random weight (Thaler and Ravishankar, "A Name-Based
/// Mapping Scheme for Rendezvous", 1996; "Using Name-Based Mappings to Increase Hit Rates",
/// IEEE/ACM Transactions on Networking 6(1), 1998).
///
/// Every live server bids for the key with a number that depends on both, and the highest bid wins.
/// No ring and no table: balance is as good as the hash, a dead server's keys spread evenly over
/// the others and no other key moves; but each lookup asks every server.
///
/// With unequal weights a bid is `-weight / ln(u)`, u being the number as a fraction of 1
/// (Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", SPAA 2005). Then shares are
/// proportional to weights, and a change of one weight moves keys to or from that server alone.
final class Rendezvous implements Distribution {
  private final int[] indices;
  private final int[] weights;
  private final long[] seeds;
  private final boolean equalWeights;

  private Rendezvous(List<Node> live) {
    indices = live.stream().mapToInt(Node::index).toArray();
    weights = live.stream().mapToInt(Node::weight).toArray();
    seeds = live.stream().mapToLong(Rendezvous::seed).toArray();
    equalWeights = live.stream().mapToInt(Node::weight).distinct().count() <= 1;
  }

  static Rendezvous build(List<Node> nodes) {
    return new Rendezvous(nodes.stream().filter(Node::live).toList());
  }

  static long seed(Node node) {
    byte[] name = node.name().getBytes(StandardCharsets.UTF_8);
    return Xxh3.hash64(null, name, 0, name.length);
  }

  @Override
  public int pick(int hash, Loads loads, int drawn) {
    if (indices.length == 0) {
      return -1;
    }
    long key = Mix.expand(hash);
    return indices[equalWeights ? highest(key) : highestWeighted(key)];
  }

  private int highest(long key) {
    int best = 0;
    long bestBid = Mix.mix(key ^ seeds[0]);
    for (int i = 1; i < seeds.length; i++) {
      long bid = Mix.mix(key ^ seeds[i]);
      if (Long.compareUnsigned(bid, bestBid) > 0) {
        best = i;
        bestBid = bid;
      }
    }
    return best;
  }

  private int highestWeighted(long key) {
    int best = 0;
    double bestBid = weightedBid(key, 0);
    for (int i = 1; i < seeds.length; i++) {
      double bid = weightedBid(key, i);
      if (bid > bestBid) {
        best = i;
        bestBid = bid;
      }
    }
    return best;
  }

  /// `StrictMath`, because a key must have the same server on every machine.
  private double weightedBid(long key, int i) {
    double fraction = ((Mix.mix(key ^ seeds[i]) >>> 11) + 0.5) * 0x1p-53;
    return -weights[i] / StrictMath.log(fraction);
  }

  @Override
  public int liveCount() {
    return indices.length;
  }
}
