package twemlab.hashing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import twemlab.hashing.function.Md5;

/// Consistent hashing on a ring of 2^32 places (Karger et al., "Consistent Hashing and Random
/// Trees", STOC 1997), with the points of libketama by Richard Jones (2007). C counterpart
/// `nc_ketama.c`.
///
/// Each live server owns about 160 points, in proportion to its weight: the MD5 digests of
/// `name-0`, `name-1`, ... give four points each. A key belongs to the first point whose value is
/// not below its hash, and to the first point of all behind the last. When a server dies, its
/// points vanish and only its keys move, spread over the others.
///
/// The number of points is computed in float32, as in C, because another rounding is another ring.
/// So equal weights give 156 points and not 160 with 25, 47 or 50 servers, and a server whose
/// weight is below about 1/40 of the average gets no point and no key (museum C12). With unequal
/// weights the number of points of *all* servers depends on the total weight and on the number of
/// live servers, so a death may also move a few keys between the survivors.
final class Ketama implements Continuum {
  private static final int POINTS_PER_SERVER = 160;
  private static final int POINTS_PER_DIGEST = 4;

  /// No more slices than this power of two: larger tables miss the caches.
  private static final int SLICE_BITS_MAX = 16;

  /// Sorted as unsigned numbers; `indices` goes along.
  private final int[] values;

  private final int[] indices;
  private final int liveCount;

  /// For each slice of the ring the position of the first point in it, or behind it.
  private final int[] sliceStarts;

  /// A hash without so many of its low bits is the number of its slice.
  private final int sliceShift;

  private Ketama(int[] values, int[] indices, int liveCount) {
    this.values = values;
    this.indices = indices;
    this.liveCount = liveCount;
    int bits =
        Math.clamp(Integer.SIZE - Integer.numberOfLeadingZeros(values.length), 1, SLICE_BITS_MAX);
    this.sliceShift = Integer.SIZE - bits;
    this.sliceStarts = new int[(1 << bits) + 1];
    for (int slice = 1, point = 0; slice <= 1 << bits; slice++) {
      while (point < values.length && values[point] >>> sliceShift < slice) {
        point++;
      }
      sliceStarts[slice] = point;
    }
  }

  static Ketama build(List<Node> nodes) {
    List<Node> live = nodes.stream().filter(Node::live).toList();
    long totalWeight = live.stream().mapToLong(Node::weight).sum();
    int count = live.stream().mapToInt(node -> points(node, totalWeight, live.size())).sum();
    long[] sorted = new long[count];
    int next = 0;
    for (Node node : live) {
      next = addPoints(sorted, next, node, points(node, totalWeight, live.size()));
    }
    Arrays.sort(sorted);
    int[] values = new int[count];
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = (int) (sorted[i] >>> 32) ^ Integer.MIN_VALUE;
      indices[i] = (int) sorted[i];
    }
    return new Ketama(values, indices, live.size());
  }

  /// Points of one server; each product is rounded to float32, from left to right.
  static int points(Node node, long totalWeight, int liveCount) {
    float share = (float) node.weight() / (float) totalWeight;
    float digests = share * POINTS_PER_SERVER / POINTS_PER_DIGEST * liveCount;
    return (int) Math.floor((float) (digests + 1e-10)) * POINTS_PER_DIGEST;
  }

  /// Puts value and index into one number that sorts as (unsigned value, index).
  private static int addPoints(long[] sorted, int from, Node node, int count) {
    int[] words = new int[POINTS_PER_DIGEST];
    int next = from;
    for (int i = 0; i < count / POINTS_PER_DIGEST; i++) {
      byte[] text = (node.name() + "-" + i).getBytes(StandardCharsets.UTF_8);
      Md5.digest(null, text, 0, text.length, words);
      for (int word : words) {
        sorted[next++] = (long) (word ^ Integer.MIN_VALUE) << 32 | node.index();
      }
    }
    return next;
  }

  /// C counterpart `ketama_dispatch`.
  @Override
  public int pick(int hash, Loads loads, int drawn) {
    return indices.length == 0 ? -1 : indices[firstPoint(hash)];
  }

  /// The position of the point that owns a hash; there must be points.
  ///
  /// MD5 spreads the points evenly, so a ring that is cut into as many slices as it has points has
  /// about one in each. To look up the slice and search there saves most of the branches of a
  /// search of the whole ring, which no processor can predict.
  int firstPoint(int hash) {
    int slice = hash >>> sliceShift;
    int low = sliceStarts[slice];
    int high = sliceStarts[slice + 1];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(values[middle], hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == values.length ? 0 : low;
  }

  @Override
  public int liveCount() {
    return liveCount;
  }

  @Override
  public int pointCount() {
    return values.length;
  }

  @Override
  public int pointValue(int i) {
    return values[i];
  }

  @Override
  public int pointIndex(int i) {
    return indices[i];
  }
}
