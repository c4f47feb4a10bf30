package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrderTest {
  private static void start(Lab lab) {
    lab.start(new Proxy(lab.kernel(), lab.config()));
  }

  /// The first server is slow, the others are not: their replies wait.
  @Test
  void repliesComeInTheOrderOfTheRequests() {
    Lab.each(
        "order",
        3,
        lab -> {
          start(lab);
          lab.server(0).delayMillis(40);
          lab.server(1).delayMillis(5);
          LabClient client = lab.client();
          List<String> wanted = new ArrayList<>();
          for (int i = 10; i < 40; i++) {
            client.ask("SET", "key" + i, "v" + i).ask("GET", "key" + i);
            wanted.addAll(List.of("+OK", "$3 v" + i));
          }
          client.halfClose();
          lab.until("the end", client::ended);
          assertThat(client.replies()).isEqualTo(wanted);
        });
  }

  @Test
  void allServersHaveKeysAndAKeyHasOneServer() {
    Lab.each(
        "spread",
        3,
        lab -> {
          start(lab);
          LabClient client = lab.client();
          for (int i = 0; i < 100; i++) {
            client.ask("SET", "key" + i, "a");
          }
          lab.until("100 replies", () -> client.replies().size() == 100);
          assertThat(lab.servers().stream().mapToInt(LabServer::keys).sum()).isEqualTo(100);
          assertThat(lab.servers()).allMatch(server -> server.keys() > 5);
        });
  }

  @Test
  void aSlowServerDoesNotHoldOtherClients() {
    Lab.each(
        "others",
        3,
        lab -> {
          start(lab);
          lab.server(0).silent(true);
          LabClient stuck = lab.client();
          for (int i = 0; i < 30; i++) {
            stuck.ask("GET", "key" + i);
          }
          lab.forMillis(20);
          LabClient other = lab.client();
          for (int i = 0; i < 30; i++) {
            other.ask("GET", "key" + i);
          }
          lab.forMillis(100);
          assertThat(lab.server(1).requests() + lab.server(2).requests())
              .as("requests that the servers which answer have seen")
              .isEqualTo(60 - lab.server(0).requests());
          lab.server(0).resetAll();
          lab.until("30 replies", () -> other.replies().size() == 30);
        });
  }
}
