package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every key of the reference's table through all twelve hashes, over both kinds of memory.
final class KeyHashVectorsTest {
  private static final List<String[]> ROWS = Tables.rows("hash-vectors.tsv");

  @Test
  void arrays() {
    for (String[] row : ROWS.subList(1, ROWS.size())) {
      byte[] key = Tables.hex(row[0]);
      for (int column = 1; column < row.length; column++) {
        assertThat(Integer.toUnsignedString(hash(column).hash(key, 0, key.length)))
            .as("%s of %s", hash(column), row[0])
            .isEqualTo(row[column]);
      }
    }
  }

  @Test
  void nativeMemory() {
    try (Arena arena = Arena.ofConfined()) {
      for (String[] row : ROWS.subList(1, ROWS.size())) {
        byte[] key = Tables.hex(row[0]);
        MemorySegment memory = arena.allocate(key.length + 3L);
        MemorySegment.copy(MemorySegment.ofArray(key), 0, memory, 3, key.length);
        for (int column = 1; column < row.length; column++) {
          assertThat(Integer.toUnsignedString(hash(column).hash(memory, 3, key.length)))
              .as("%s of %s", hash(column), row[0])
              .isEqualTo(row[column]);
        }
      }
    }
  }

  @Test
  void theTableHasAllTwelve() {
    assertThat(ROWS).hasSize(301);
    for (KeyHash hash : KeyHash.values()) {
      assertThat(List.of(ROWS.getFirst()).contains(hash.configName()))
          .as(hash.configName())
          .isEqualTo(hash.isTwemproxy());
    }
  }

  private static KeyHash hash(int column) {
    return KeyHash.byName(ROWS.getFirst()[column]).orElseThrow();
  }
}
