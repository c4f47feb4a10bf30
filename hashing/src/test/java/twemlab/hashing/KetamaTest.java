package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The lookup by slices against a search of the whole ring, where they could differ: at each point,
/// beside it, and at the borders of slices.
final class KetamaTest {
  private static Ketama ring(int servers) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      nodes.add(new Node(i, "10.0.0." + i + ":11211", 1 + i % 3, true));
    }
    return Ketama.build(nodes);
  }

  /// The plainest way to say it, for a ring whose points are sorted.
  private static int search(Ketama ring, int hash) {
    int low = 0;
    int high = ring.pointCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(ring.pointValue(middle), hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low % ring.pointCount();
  }

  /// The largest ring has more points than there can be slices.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 25, 410, 1000})
  void atEveryPointAndBesideIt(int servers) {
    Ketama ring = ring(servers);
    for (int i = 0; i < ring.pointCount(); i++) {
      for (int hash = ring.pointValue(i) - 1; hash != ring.pointValue(i) + 2; hash++) {
        assertThat(ring.firstPoint(hash)).isEqualTo(search(ring, hash));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 25, 1000})
  void atTheBordersOfSlices(int servers) {
    Ketama ring = ring(servers);
    for (int slice = 0; slice < 1 << 16; slice++) {
      for (int beside = -1; beside <= 1; beside++) {
        int hash = (slice << 16) + beside;
        assertThat(ring.firstPoint(hash)).isEqualTo(search(ring, hash));
      }
    }
  }

  @Property(tries = 1000, seed = "20261128")
  void anywhere(@ForAll @IntRange(min = 1, max = 60) int servers, @ForAll int hash) {
    Ketama ring = ring(servers);
    assertThat(ring.firstPoint(hash)).isEqualTo(search(ring, hash));
  }
}
