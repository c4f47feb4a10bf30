package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Routes that were observed on nutcracker 0.5.0.
final class KeyRouterTest {
  private static final HashTag BRACES = new HashTag((byte) '{', (byte) '}');

  @Test
  void fnv1a64OnKetamaWithTags() {
    List<Node> nodes = nodes(List.of("10.0.0.1", "10.0.0.2", "10.0.0.3:11212"), 1, 1, 1);
    KeyRouter router = router(KeyHash.FNV1A_64, BRACES, DistributionKind.KETAMA, nodes);
    Continuum ring = (Continuum) router.distribution();

    assertThat(ring.pointCount()).isEqualTo(480);
    assertThat(ring.pointValue(0)).isEqualTo(3706987);
    assertThat(ring.pointIndex(0)).isEqualTo(2);
    routes(router, "a 1 b 1 c 1 foo 1 bar 2 key:1 0 key:2 0 user:{42}:x 2 user:{42}:y 2 {}z 2");
    routes(router, "x{} 2 placeholder 2");
    assertThat(split(router, 3)).containsExactly(4070, 3140, 2790);
  }

  @Test
  void murmurOnKetamaWithWeights() {
    List<Node> nodes = nodes(List.of("s1", "server2", "server10"), 1, 2, 1);
    KeyRouter router = router(KeyHash.MURMUR, null, DistributionKind.KETAMA, nodes);

    assertThat(((Continuum) router.distribution()).pointCount()).isEqualTo(480);
    routes(router, "a 0 b 2 c 2 foo 2 bar 1 key:1 0 key:2 1 placeholder 1");
    assertThat(split(router, 3)).containsExactly(2285, 5450, 2265);
  }

  @Test
  void crc32aOnModula() {
    List<Node> nodes = nodes(List.of("a", "b"), 1, 2);
    KeyRouter router = router(KeyHash.CRC32A, null, DistributionKind.MODULA, nodes);

    routes(router, "a 0 b 1 c 0 foo 1 bar 1 key:1 0 key:2 1 placeholder 0");
    assertThat(split(router, 2)).containsExactly(3256, 6744);
  }

  @Test
  void anEmptyKeyHashesToZero() {
    List<Node> nodes = nodes(List.of("a", "b"), 1, 1);
    for (KeyHash hash : KeyHash.values()) {
      KeyRouter router = router(hash, BRACES, DistributionKind.MODULA, nodes);
      assertThat(router.hash(new byte[3], 1, 0)).isZero();
      assertThat(router.route(new byte[3], 1, 0, Loads.NONE, 0)).isZero();
      assertThat(router.hash(MemorySegment.NULL, 0, 0)).isZero();
    }
  }

  @Test
  void onlyOneServer() {
    List<Node> nodes = nodes(List.of("a"), 5);
    KeyRouter router = router(KeyHash.MD5, null, DistributionKind.KETAMA, nodes);
    assertThat(router.hash(new byte[] {1}, 0, 1)).isZero();
    routes(router, "a 0 b 0 c 0");
    Distribution nobody = DistributionKind.KETAMA.build(Stream64.kill(nodes, 0));
    routes(router.with(nobody), "a -1");
  }

  @Test
  void anEjectedServerGetsNothing() {
    List<Node> nodes = nodes(List.of("a", "b"), 1, 1);
    KeyRouter router = router(KeyHash.MD5, null, DistributionKind.MODULA, nodes);
    KeyRouter next = router.with(DistributionKind.MODULA.build(Stream64.kill(nodes, 0)));
    assertThat(split(next, 2)).containsExactly(0, 10_000);
    assertThat(split(router, 2)).doesNotContain(0);
  }

  private static KeyRouter router(
      KeyHash hash, HashTag tag, DistributionKind kind, List<Node> nodes) {
    return new KeyRouter(hash, tag, kind.build(nodes), nodes.size());
  }

  private static List<Node> nodes(List<String> names, int... weights) {
    List<Node> nodes = new ArrayList<>();
    for (int weight : weights) {
      nodes.add(new Node(nodes.size(), names.get(nodes.size()), weight, true));
    }
    return nodes;
  }

  /// Keys and their servers' indices in turn; over both kinds of memory.
  private static void routes(KeyRouter router, String keysAndIndices) {
    String[] words = keysAndIndices.split(" ", -1);
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < words.length; i += 2) {
        byte[] key = words[i].getBytes(StandardCharsets.US_ASCII);
        MemorySegment memory = arena.allocateFrom(words[i], StandardCharsets.US_ASCII);
        int index = Integer.parseInt(words[i + 1]);
        assertThat(router.route(key, 0, key.length, Loads.NONE, 0)).as(words[i]).isEqualTo(index);
        assertThat(router.route(memory, 0, key.length, Loads.NONE, 0)).isEqualTo(index);
      }
    }
  }

  private static int[] split(KeyRouter router, int servers) {
    int[] keys = new int[servers];
    for (int i = 0; i < 10_000; i++) {
      byte[] key = ("key:" + i).getBytes(StandardCharsets.US_ASCII);
      keys[router.route(key, 0, key.length, Loads.NONE, 0)]++;
    }
    return keys;
  }
}
