package twemlab.exercise.ketamaring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.hashing.Continuum;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

final class RingTest {
  private static final List<String> THREE = List.of("a@1/0", "b@1/0", "c@1/0");

  /// The ring of the proxy.
  private static Continuum ketama(List<String> names) {
    List<Node> nodes = new ArrayList<>();
    for (String name : names) {
      nodes.add(new Node(nodes.size(), name, 1, true));
    }
    return (Continuum) DistributionKind.KETAMA.build(nodes);
  }

  @Test
  void aHashThatIsAPointBelongsToIt() {
    Continuum expected = ketama(THREE);
    Ring ring = new Ring(THREE);
    for (int i = 0; i < expected.pointCount(); i++) {
      assertThat(ring.pick(expected.pointValue(i)))
          .as("server of point %s", Integer.toUnsignedString(expected.pointValue(i)))
          .isEqualTo(expected.pointIndex(i));
    }
  }

  @Test
  void behindTheLastPointComesTheFirst() {
    Continuum expected = ketama(THREE);
    assertThat(new Ring(THREE).pick(-1)).isEqualTo(expected.pointIndex(0));
    assertThat(new Ring(THREE).pick(0)).isEqualTo(expected.pointIndex(0));
  }

  @Test
  void everyHashGoesWhereTheProxySendsIt() {
    for (List<String> names : List.of(List.of("alone"), THREE, List.of("x", "yy", "zzz", "wwww"))) {
      Continuum expected = ketama(names);
      Ring ring = new Ring(names);
      Choices choices = new SeededChoices(names.size());
      for (int i = 0; i < 20_000; i++) {
        int hash = choices.below(1 << 16) << 16 | choices.below(1 << 16);
        assertThat(ring.pick(hash))
            .as("server of %s", Integer.toUnsignedString(hash))
            .isEqualTo(expected.pick(hash, Loads.NONE, 0));
      }
    }
  }

  @Test
  void theSharesAreTheArcs() {
    Continuum expected = ketama(THREE);
    Ring ring = new Ring(THREE);
    double[] arcs = new double[3];
    long before =
        Integer.toUnsignedLong(expected.pointValue(expected.pointCount() - 1)) - (1L << 32);
    for (int i = 0; i < expected.pointCount(); i++) {
      long value = Integer.toUnsignedLong(expected.pointValue(i));
      arcs[expected.pointIndex(i)] += (value - before) / 4294967296.0;
      before = value;
    }
    for (int server = 0; server < 3; server++) {
      assertThat(ring.share(server))
          .as("share of %d", server)
          .isCloseTo(arcs[server], within(1e-9));
    }
  }

  @Test
  void theSharesAreTheWholeCircle() {
    Ring ring = new Ring(THREE);
    assertThat(ring.share(0) + ring.share(1) + ring.share(2)).isCloseTo(1, within(1e-9));
    assertThat(new Ring(List.of("alone")).share(0)).isCloseTo(1, within(1e-9));
  }
}
