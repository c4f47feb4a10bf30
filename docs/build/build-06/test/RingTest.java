package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RingTest {
  private static void start(Lab lab) {
    lab.start(new Proxy(lab.kernel(), lab.config()));
  }

  private static final int KEYS = 300;

  /// The number of each key's server.
  private static List<Integer> owners(Lab lab) {
    start(lab);
    LabClient client = lab.client();
    for (int i = 0; i < KEYS; i++) {
      client.ask("SET", "key:" + i, "a");
    }
    lab.until("all replies", () -> client.replies().size() == KEYS);
    List<Integer> owners = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      for (int s = 0; s < lab.servers().size(); s++) {
        if (lab.server(s).has("key:" + i)) {
          owners.add(s);
        }
      }
    }
    assertThat(owners).as("one owner for each key").hasSize(KEYS);
    return owners;
  }

  @Test
  void everyServerHasItsShare() {
    Lab.each(
        "shares",
        3,
        lab -> {
          owners(lab);
          assertThat(lab.servers())
              .allSatisfy(
                  server -> assertThat(server.keys()).isBetween(KEYS / 6, KEYS / 2));
        });
  }

  /// A fourth server takes its share from the others: no key moves between those.
  @Test
  void aNewServerMovesOnlyItsKeys() {
    List<List<Integer>> before = new ArrayList<>();
    Lab.each("three", 3, lab -> before.add(owners(lab)));
    Lab.each(
        "four",
        4,
        lab -> {
          List<Integer> after = owners(lab);
          int moved = 0;
          for (int i = 0; i < KEYS; i++) {
            int now = after.get(i);
            if (now != before.getFirst().get(i)) {
              moved++;
              assertThat(now).as("where key:%d went", i).isEqualTo(3);
            }
          }
          assertThat(moved).as("keys that moved").isBetween(KEYS / 10, KEYS / 2);
        });
  }
}
