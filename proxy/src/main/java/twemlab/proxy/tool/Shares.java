package twemlab.proxy.tool;

import java.util.List;
import twemlab.hashing.Continuum;
import twemlab.hashing.Distribution;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;

/// Which part of all hashes each server owns.
final class Shares {
  private static final int SAMPLES = 1 << 18;

  /// The golden ratio as a fraction of 2^32: its multiples are spread evenly over all numbers.
  private static final int GOLDEN_STEP = 0x9e3779b9;

  private Shares() {}

  /// Whether points have places on a ring of 2^32.
  static boolean hasRing(DistributionKind kind, Distribution distribution) {
    boolean ring = kind == DistributionKind.KETAMA || kind == DistributionKind.KETAMA_BOUNDED;
    return ring && ((Continuum) distribution).pointCount() > 0;
  }

  /// Shares by server index; they add up to 1, or to 0 when no server is live. Exact where there is
  /// a ring, else counted over 262,144 evenly spread hashes.
  static double[] of(DistributionKind kind, Distribution distribution, List<Node> nodes) {
    double[] shares = new double[nodes.size()];
    if (hasRing(kind, distribution)) {
      Continuum ring = (Continuum) distribution;
      for (int i = 0; i < ring.pointCount(); i++) {
        shares[ring.pointIndex(i)] += arc(ring, i);
      }
    } else if (distribution.liveCount() > 0) {
      for (int i = 0; i < SAMPLES; i++) {
        int hash = i * GOLDEN_STEP;
        shares[distribution.pick(hash, Loads.NONE, hash)] += 1.0 / SAMPLES;
      }
    }
    return shares;
  }

  /// The part of the ring from the point before to this one.
  static double arc(Continuum ring, int point) {
    if (ring.pointCount() == 1) {
      return 1;
    }
    int before = ring.pointValue(point == 0 ? ring.pointCount() - 1 : point - 1);
    return Integer.toUnsignedLong(ring.pointValue(point) - before) / 0x1p32;
  }

  /// What the weights of the live servers promise; random promises all the same.
  static double[] due(DistributionKind kind, List<Node> nodes) {
    double[] due = new double[nodes.size()];
    double total = 0;
    for (Node node : nodes) {
      if (node.live()) {
        due[node.index()] = kind == DistributionKind.RANDOM ? 1 : node.weight();
        total += due[node.index()];
      }
    }
    for (int i = 0; i < due.length; i++) {
      due[i] /= Math.max(1, total);
    }
    return due;
  }
}
