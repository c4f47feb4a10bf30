package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BoundedKetamaTest {

  @Test
  void idleServersMakeItKetama() {
    List<Node> nodes = Stream64.servers(1, 2, 3, 1);
    Distribution bounded = DistributionKind.KETAMA_BOUNDED.build(nodes);
    Distribution ketama = DistributionKind.KETAMA.build(nodes);
    Stream64 stream = new Stream64(1);
    for (int i = 0; i < 10_000; i++) {
      int hash = stream.nextInt();
      assertThat(bounded.pick(hash, Loads.NONE, 0)).isEqualTo(ketama.pick(hash, Loads.NONE, 0));
    }
  }

  /// The paper's promise, also for one hot key: no server gets more than its bound.
  @Test
  void noServerIsAboveItsBound() {
    int[] weights = {1, 2, 3, 1, 1};
    Distribution bounded = DistributionKind.KETAMA_BOUNDED.build(Stream64.servers(weights));
    int[] outstanding = new int[weights.length];
    for (int request = 1; request <= 4000; request++) {
      int index = bounded.pick(0x12345678, i -> outstanding[i], 0);
      outstanding[index]++;
      assertThat((double) outstanding[index])
          .isLessThanOrEqualTo(Math.ceil(1.25 * request * weights[index] / 8));
    }
  }

  /// Spilling over walks the ring: the same key goes to the same next server.
  @Test
  void theNextServerOnTheRingTakesOver() {
    Continuum bounded =
        (Continuum) DistributionKind.KETAMA_BOUNDED.build(Stream64.servers(1, 1, 1));
    int point = 0;
    while (bounded.pointIndex(point + 1) == bounded.pointIndex(point)) {
      point++;
    }
    int owner = bounded.pointIndex(point);
    int hash = bounded.pointValue(point);
    assertThat(bounded.pick(hash, Loads.NONE, 0)).isEqualTo(owner);
    assertThat(bounded.pick(hash, index -> index == owner ? 10 : 0, 0))
        .isEqualTo(bounded.pointIndex(point + 1));
  }

  /// 1 in 100,000 has room and no points: the key goes where it belongs.
  @Test
  void aServerWithoutPointsCannotHelp() {
    Distribution bounded = DistributionKind.KETAMA_BOUNDED.build(Stream64.servers(100_000, 1));
    assertThat(bounded.pick(1, index -> index == 0 ? 1_000_000 : 0, 0)).isZero();
  }
}
