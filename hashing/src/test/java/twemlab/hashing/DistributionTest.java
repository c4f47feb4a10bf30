package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.hashing.function.Mix;

/// What holds for every distribution, and each one's lookup against the plainest way to say it.
final class DistributionTest {

  /// One to twelve servers with small, equal and wild weights, some of them dead.
  @Provide
  Arbitrary<List<Node>> pools() {
    Arbitrary<Integer> weights = Arbitraries.of(1, 1, 1, 2, 3, 10, 100, 5000);
    Arbitrary<Boolean> alive = Arbitraries.of(true, true, true, false);
    return weights
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .flatMap(list -> alive.list().ofSize(list.size()).map(live -> pool(list, live)));
  }

  private static List<Node> pool(List<Integer> weights, List<Boolean> live) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      nodes.add(new Node(i, "server" + i, weights.get(i), live.get(i)));
    }
    return nodes;
  }

  @ParameterizedTest
  @EnumSource
  void nobodyAlive(DistributionKind kind) {
    Distribution nobody = kind.build(Stream64.kill(Stream64.servers(1), 0));
    assertThat(nobody.liveCount()).isZero();
    assertThat(nobody.pick(7, Loads.NONE, 7)).isEqualTo(-1);
    assertThat(kind.build(List.of()).pick(7, Loads.NONE, 7)).isEqualTo(-1);
    assertThat(DistributionKind.byName(kind.configName())).contains(kind);
  }

  @Test
  void twemproxyKnowsThree() {
    assertThat(DistributionKind.values())
        .filteredOn(DistributionKind::isTwemproxy)
        .extracting(DistributionKind::configName)
        .containsExactly("ketama", "modula", "random");
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    List<Node> nodes = Stream64.servers(Integer.MAX_VALUE, 1);
    assertThatThrownBy(() -> DistributionKind.MODULA.build(nodes))
        .isInstanceOf(ArithmeticException.class);
    assertThat(DistributionKind.KETAMA.build(nodes).liveCount()).isEqualTo(2);
    assertThatThrownBy(() -> new Node(0, "a", 0, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 60, seed = "3")
  void onlyLiveServersArePicked(@ForAll DistributionKind kind, @ForAll("pools") List<Node> pool) {
    Distribution distribution = kind.build(pool);
    Stream64 stream = new Stream64(1);
    for (int i = 0; i < 500; i++) {
      int index = distribution.pick(stream.nextInt(), Loads.NONE, stream.nextInt());
      assertThat(index >= 0 && pool.get(index).live()).isEqualTo(distribution.liveCount() > 0);
    }
  }

  /// A dead server leaves no trace. Jump is the exception: its buckets are positions.
  @Property(tries = 60, seed = "4")
  void aDeadServerIsAsGoodAsNone(@ForAll DistributionKind kind, @ForAll("pools") List<Node> pool) {
    if (kind == DistributionKind.JUMP) {
      return;
    }
    Distribution dead = kind.build(Stream64.kill(pool, 0));
    Distribution gone = kind.build(Stream64.without(pool, 0));
    Stream64 stream = new Stream64(2);
    for (int i = 0; i < 500; i++) {
      int hash = stream.nextInt();
      assertThat(dead.pick(hash, Loads.NONE, i)).isEqualTo(gone.pick(hash, Loads.NONE, i));
    }
    if (dead instanceof Continuum ring) {
      assertThat(points(ring)).isEqualTo(points((Continuum) gone));
    }
  }

  @Property(tries = 40, seed = "5")
  void ketamaIsALinearScan(@ForAll("pools") List<Node> pool) {
    Continuum ring = (Continuum) DistributionKind.KETAMA.build(pool);
    for (int i = 1; i < ring.pointCount(); i++) {
      assertThat(Integer.compareUnsigned(ring.pointValue(i - 1), ring.pointValue(i)))
          .isNotPositive();
    }
    for (int i = 0; i < ring.pointCount(); i += 7) {
      for (int step = -1; step <= 1; step++) {
        int hash = ring.pointValue(i) + step;
        assertThat(ring.pick(hash, Loads.NONE, 0)).isEqualTo(scan(ring, hash));
      }
    }
  }

  private static int scan(Continuum ring, int hash) {
    for (int i = 0; i < ring.pointCount(); i++) {
      if (Integer.toUnsignedLong(ring.pointValue(i)) >= Integer.toUnsignedLong(hash)) {
        return ring.pointIndex(i);
      }
    }
    return ring.pointIndex(0);
  }

  @Property(tries = 60, seed = "6")
  void modulaIsAList(@ForAll("pools") List<Node> pool) {
    Distribution modula = DistributionKind.MODULA.build(pool);
    List<Integer> list = units(pool.stream().filter(Node::live).toList());
    for (int hash = -300; hash < 300 && !list.isEmpty(); hash++) {
      int expected = list.get((int) (Integer.toUnsignedLong(hash) % list.size()));
      assertThat(modula.pick(hash, Loads.NONE, 0)).isEqualTo(expected);
    }
  }

  /// Live units keep their number where they can; dead ones are stood in for from the end.
  @Property(tries = 100, seed = "7")
  void jumpFillsTheGaps(@ForAll("pools") List<Node> pool) {
    List<Integer> buckets = new ArrayList<>(units(pool));
    int live = units(pool.stream().filter(Node::live).toList()).size();
    int last = live;
    for (int i = 0; i < live; i++) {
      if (!pool.get(buckets.get(i)).live()) {
        while (!pool.get(buckets.get(last)).live()) {
          last++;
        }
        buckets.set(i, buckets.get(last++));
      }
    }
    Distribution jump = DistributionKind.JUMP.build(pool);
    Stream64 stream = new Stream64(3);
    for (int i = 0; i < 300 && live > 0; i++) {
      int hash = stream.nextInt();
      int expected = buckets.get(Jump.bucket(Mix.expand(hash), live));
      assertThat(jump.pick(hash, Loads.NONE, 0)).isEqualTo(expected);
    }
  }

  /// From n buckets to n + 1 a key stays or goes to the new one.
  @Test
  void jumpIsConsistent() {
    Stream64 stream = new Stream64(4);
    for (int i = 0; i < 1000; i++) {
      long key = stream.next();
      int bucket = 0;
      for (int buckets = 1; buckets < 60; buckets++) {
        int next = Jump.bucket(key, buckets);
        assertThat(next == bucket || next == buckets - 1).isTrue();
        bucket = next;
      }
    }
  }

  /// The fast way for equal weights and the general one are the same rule.
  @Property(tries = 60, seed = "8")
  void rendezvousIsTheHighestBid(@ForAll("pools") List<Node> pool) {
    Distribution rendezvous = DistributionKind.RENDEZVOUS.build(pool);
    Stream64 stream = new Stream64(5);
    for (int i = 0; i < 300 && rendezvous.liveCount() > 0; i++) {
      int hash = stream.nextInt();
      int best = -1;
      double bestBid = 0;
      for (Node node : pool) {
        long bits = Mix.mix(Mix.expand(hash) ^ Rendezvous.seed(node));
        double bid = -node.weight() / StrictMath.log(((bits >>> 11) + 0.5) * 0x1p-53);
        if (node.live() && bid > bestBid) {
          best = node.index();
          bestBid = bid;
        }
      }
      assertThat(rendezvous.pick(hash, Loads.NONE, 0)).isEqualTo(best);
    }
  }

  private static List<Integer> units(List<Node> nodes) {
    List<Integer> units = new ArrayList<>();
    nodes.forEach(node -> units.addAll(Collections.nCopies(node.weight(), node.index())));
    return units;
  }

  private static List<String> points(Continuum ring) {
    List<String> points = new ArrayList<>();
    for (int i = 0; i < ring.pointCount(); i++) {
      points.add(ring.pointValue(i) + ":" + ring.pointIndex(i));
    }
    return points;
  }
}
