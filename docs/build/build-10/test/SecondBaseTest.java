package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecondBaseTest {
  private long reused;

  private static void start(Lab lab, String waiter) {
    lab.start(new Proxy(lab.kernel(), lab.config(waiter)));
  }

  @ParameterizedTest(name = "pipelines on {0}")
  @ValueSource(strings = {"poll", "epoll"})
  void pipelines(String waiter) {
    Lab.each(
        "pipelines-" + waiter,
        3,
        lab -> {
          start(lab, waiter);
          List<LabClient> clients = new ArrayList<>();
          for (int c = 0; c < 4; c++) {
            LabClient client = lab.client();
            clients.add(client);
            for (int i = 10; i < 30; i++) {
              client.ask("SET", c + "k" + i, "v" + i).ask("GET", c + "k" + i);
            }
            client.halfClose();
          }
          for (LabClient client : clients) {
            lab.until("the end", client::ended);
            assertThat(client.replies()).hasSize(40);
            for (int i = 10; i < 30; i++) {
              assertThat(client.replies().get(2 * (i - 10) + 1)).isEqualTo("$3 v" + i);
            }
          }
          lab.assertQuiet();
          lab.end();
        });
  }

  @ParameterizedTest(name = "servers that are reset on {0}")
  @ValueSource(strings = {"poll", "epoll"})
  void resets(String waiter) {
    Lab.each(
        "resets-" + waiter,
        2,
        lab -> {
          start(lab, waiter);
          LabClient client = lab.client();
          for (int round = 1; round <= 6; round++) {
            for (int i = 0; i < 5; i++) {
              client.ask("GET", "key:" + i);
            }
            lab.server(round % 2).resetAll();
            int wanted = 5 * round;
            lab.until(wanted + " replies", () -> client.replies().size() == wanted);
          }
          client.reset();
          lab.assertQuiet();
          lab.end();
        });
  }

  /// A reply, a new client, and the reset of the one that the reply is for: one wait tells of all
  /// three. The number of the one is given to the other, before the loop comes to the old one's
  /// event.
  @Test
  void numbersAreUsedAgain() {
    Lab.each(
        "numbers",
        1,
        lab -> {
          start(lab, "epoll");
          LabServer server = lab.server(0);
          lab.client().ask("PING");
          lab.until("a request", () -> server.requests() == 1);
          server.delayMillis(1);
          for (int round = 2; round < 40; round++) {
            LabClient leaving = lab.client().ask("PING");
            int wanted = round;
            lab.until("its request", () -> server.requests() == wanted);
            List<LabClient> coming = new ArrayList<>();
            leaving.after(2_000, () -> coming.add(lab.client().ask("NEW")));
            leaving.after(3_000, leaving::reset);
            lab.withoutTheProgram(6);
            lab.until("a reply", () -> !coming.isEmpty() && coming.getFirst().replies().size() == 1);
            coming.getFirst().reset();
            server.resetAll();
            lab.forMillis(20);
            round++;
          }
          reused += lab.reusedInBatch();
        });
    assertThat(reused).as("numbers that were used again in a batch").isPositive();
  }

  /// The kernel keeps epoll's list: it is told of changes, and waits get no list.
  @Test
  void epollIsUsed() {
    Lab.each(
        "used",
        1,
        lab -> {
          long polls = lab.kernel().counts().total();
          start(lab, "epoll");
          LabClient client = lab.client().ask("PING");
          lab.until("a reply", () -> client.replies().size() == 1);
          assertThat(lab.kernel().counts().total()).isGreaterThan(polls);
          assertThat(lab.openDescriptors()).as("listener, client, server, and epoll's own").isEqualTo(4);
        });
  }
}
