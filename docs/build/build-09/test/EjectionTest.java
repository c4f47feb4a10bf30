package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class EjectionTest {
  private static void start(Lab lab) {
    lab.start(new Proxy(lab.kernel(), lab.config()));
  }

  private static void wait(Lab lab, LabClient client, int replies) {
    lab.until(replies + " replies", () -> client.replies().size() >= replies);
  }

  /// A key of the first server.
  private static String keyOfTheFirst(Lab lab) {
    LabClient client = lab.client();
    for (int i = 0; i < 40; i++) {
      client.ask("SET", "key:" + i, "a");
    }
    wait(lab, client, 40);
    for (int i = 0; i < 40; i++) {
      if (lab.server(0).has("key:" + i)) {
        return "key:" + i;
      }
    }
    throw new AssertionError("no key of 40 belongs to the first server");
  }

  /// Two failures in a row, and the server is left out for five seconds.
  @Test
  void aServerThatFailsIsLeftOutAndComesBack() {
    Lab.each(
        "comes-back",
        3,
        lab -> {
          start(lab);
          String key = keyOfTheFirst(lab);
          LabClient client = lab.client();
          lab.server(0).silent(true);
          client.ask("GET", key);
          wait(lab, client, 1);
          client.ask("GET", key);
          wait(lab, client, 2);
          assertThat(client.replies()).allMatch(reply -> reply.startsWith("-"));
          int seen = lab.server(0).requests();
          client.ask("GET", key);
          wait(lab, client, 3);
          assertThat(client.replies().get(2)).as("from another server").isEqualTo("$-1");
          assertThat(lab.server(0).requests()).isEqualTo(seen);
          lab.server(0).resetAll();
          lab.server(0).silent(false);
          lab.forMillis(5_500);
          client.ask("GET", key);
          wait(lab, client, 4);
          assertThat(client.replies().get(3)).as("from the first again").isEqualTo("$1 a");
        });
  }

  /// Failures count in a row only.
  @Test
  void aReplyForgivesAFailure() {
    Lab.each(
        "forgiven",
        3,
        lab -> {
          start(lab);
          String key = keyOfTheFirst(lab);
          LabClient client = lab.client();
          for (int round = 0; round < 3; round++) {
            lab.server(0).silent(true);
            client.ask("GET", key);
            wait(lab, client, 2 * round + 1);
            lab.server(0).resetAll();
            lab.server(0).silent(false);
            lab.forMillis(10);
            client.ask("GET", key);
            wait(lab, client, 2 * round + 2);
            assertThat(client.replies().get(2 * round + 1)).isEqualTo("$1 a");
          }
        });
  }

  @Test
  void withoutAnyServerThereIsAnError() {
    Lab.each(
        "none",
        1,
        lab -> {
          start(lab);
          lab.server(0).silent(true);
          LabClient client = lab.client();
          for (int i = 1; i <= 3; i++) {
            client.ask("GET", "a");
            wait(lab, client, i);
          }
          int seen = lab.server(0).requests();
          client.ask("MGET", "a", "b").ask("GET", "a");
          wait(lab, client, 5);
          assertThat(client.replies()).allMatch(reply -> reply.startsWith("-"));
          assertThat(lab.server(0).requests()).isEqualTo(seen);
        });
  }

  @Test
  void theOthersKeepTheirKeys() {
    Lab.each(
        "keep",
        3,
        lab -> {
          start(lab);
          String key = keyOfTheFirst(lab);
          List<Integer> before = lab.servers().stream().map(LabServer::keys).toList();
          LabClient client = lab.client();
          lab.server(0).silent(true);
          client.ask("GET", key).ask("GET", key);
          wait(lab, client, 2);
          for (int i = 0; i < 40; i++) {
            client.ask("SET", "key:" + i, "b");
          }
          wait(lab, client, 42);
          assertThat(lab.server(1).keys() + lab.server(2).keys()).isEqualTo(40);
          assertThat(lab.server(1).keys()).isGreaterThanOrEqualTo(before.get(1));
          assertThat(lab.server(2).keys()).isGreaterThanOrEqualTo(before.get(2));
        });
  }
}
