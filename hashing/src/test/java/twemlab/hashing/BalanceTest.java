package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How evenly keys are shared. The keys' hashes are a fixed stream of even numbers: this measures
/// the distributions, not the hashes.
final class BalanceTest {
  private static final int KEYS = 200_000;

  /// As even as chance allows: chi-square below what chance exceeds once in a million times.
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"KETAMA", "KETAMA_BOUNDED"})
  void sharesAreProportional(DistributionKind kind) {
    List.of(new int[] {1, 1}, new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, new int[] {1, 2, 3, 4, 90})
        .forEach(
            weights -> assertEven(kind, kind == DistributionKind.RANDOM ? same(weights) : weights));
  }

  /// Random ignores weights.
  private static int[] same(int[] weights) {
    int[] ones = weights.clone();
    Arrays.fill(ones, 1);
    return ones;
  }

  private static void assertEven(DistributionKind kind, int[] weights) {
    Distribution distribution = kind.build(Stream64.servers(weights));
    int[] keys = new int[weights.length];
    Stream64 stream = new Stream64(42);
    for (int i = 0; i < KEYS; i++) {
      keys[distribution.pick(stream.nextInt(), Loads.NONE, stream.nextInt())]++;
    }
    double total = Arrays.stream(weights).sum();
    double chiSquare = 0;
    for (int i = 0; i < weights.length; i++) {
      double expected = KEYS * weights[i] / total;
      chiSquare += (keys[i] - expected) * (keys[i] - expected) / expected;
    }
    assertThat(chiSquare).as(kind.configName()).isLessThan(critical(weights.length - 1));
  }

  /// A ketama server's share of the ring is the sum of 160 random arcs: its relative deviation is
  /// about 1/sqrt(160), 8 %. So 160 times the sum of the squared deviations is chi-square as well.
  /// Computed from the arcs themselves, no keys drawn.
  @ParameterizedTest
  @ValueSource(ints = {2, 5, 10, 50, 100, 300})
  void ketamaArcsAreAsUnevenAsChanceMakesThem(int servers) {
    int[] weights = new int[servers];
    Arrays.fill(weights, 1);
    double[] shares = shares((Continuum) DistributionKind.KETAMA.build(Stream64.servers(weights)));
    double sum = 0;
    for (double share : shares) {
      double deviation = share * servers - 1;
      assertThat(Math.abs(deviation)).isLessThan(0.4);
      sum += deviation * deviation;
    }
    assertThat(160 * sum).isLessThan(critical(servers - 1));
    assertThat(160 * sum).isGreaterThan(servers == 2 ? 0 : servers / 4.0);
  }

  private static double[] shares(Continuum ring) {
    int servers = ring.liveCount();
    double[] shares = new double[servers];
    for (int i = 0; i < ring.pointCount(); i++) {
      int before = ring.pointValue(i == 0 ? ring.pointCount() - 1 : i - 1);
      shares[ring.pointIndex(i)] += Integer.toUnsignedLong(ring.pointValue(i) - before) / 0x1p32;
    }
    return shares;
  }

  /// Equal weights: the slots of a Maglev table differ by one at most.
  @Test
  void maglevSlotsDifferByOne() {
    for (int servers : new int[] {1, 3, 7, 100, 700}) {
      int[] weights = new int[servers];
      Arrays.fill(weights, 3);
      int[] slots = Maglev.build(Stream64.servers(weights)).slots(servers);
      int most = Arrays.stream(slots).max().orElseThrow();
      int least = Arrays.stream(slots).min().orElseThrow();
      assertThat(most - least).isLessThanOrEqualTo(1);
      assertThat(Arrays.stream(slots).sum()).isEqualTo(servers > 655 ? 655_373 : 65_537);
    }
  }

  /// Museum C12: float32 gives 156 points, or none.
  @ParameterizedTest
  @ValueSource(ints = {25, 47, 50, 55, 61, 71, 94, 100, 107, 109, 110, 115, 122})
  void museumC12(int servers) {
    Node node = new Node(0, "a", 1, true);
    assertThat(Ketama.points(node, servers, servers)).isEqualTo(156);
    assertThat(Ketama.points(node, 24, 24)).isEqualTo(160);
    assertThat(Ketama.points(node, 100_001, 2)).isZero();
    assertThat(Ketama.points(new Node(0, "a", 100_000, true), 100_001, 2)).isEqualTo(316);
  }

  /// The upper quantile of chi-square at five standard deviations of the cube root's normal
  /// approximation (Wilson and Hilferty, 1931): exceeded by chance three times in ten million.
  private static double critical(int degrees) {
    double variance = 2.0 / (9 * degrees);
    return degrees * Math.pow(1 - variance + 5 * Math.sqrt(variance), 3);
  }
}
