package twemlab.hashing;

import java.util.Arrays;
import java.util.List;

/// Servers side by side on a line, each as long as its weight: server i owns the units from the sum
/// of the weights before it to that sum with its own. The units are never written out, so a weight
/// of 100,000 takes no more memory than a weight of 1.
final class WeightUnits {
  /// `ends[i]` is the sum of the weights up to and including position i.
  private final int[] ends;

  private final int[] indices;

  /// @throws ArithmeticException when the weights add up to more than 2^31 - 1
  WeightUnits(List<Node> nodes) {
    ends = new int[nodes.size()];
    indices = new int[nodes.size()];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += nodes.get(i).weight();
      if (end > Integer.MAX_VALUE) {
        throw new ArithmeticException("the weights add up to more than " + Integer.MAX_VALUE);
      }
      ends[i] = (int) end;
      indices[i] = nodes.get(i).index();
    }
  }

  int servers() {
    return ends.length;
  }

  /// All units.
  int total() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /// The position, in the list given, of the server that owns a unit.
  int position(int unit) {
    // All weights are 1, the usual case: no need to search.
    if (total() == ends.length) {
      return unit;
    }
    int found = Arrays.binarySearch(ends, unit + 1);
    return found >= 0 ? found : -found - 1;
  }

  /// The first unit of the server at a position.
  int start(int position) {
    return position == 0 ? 0 : ends[position - 1];
  }

  /// The index of the server that owns a unit.
  int index(int unit) {
    return indices[position(unit)];
  }
}
