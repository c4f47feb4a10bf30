package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OneClientTest {
  private static void start(Lab lab) {
    lab.start(new Proxy(lab.kernel(), lab.config()));
  }

  @Test
  void aRequestAndItsReply() {
    Lab.each(
        "one-request",
        1,
        lab -> {
          start(lab);
          LabClient client = lab.client().ask("SET", "k", "v");
          lab.until("a reply", () -> client.replies().size() == 1);
          client.ask("GET", "k");
          lab.until("a reply", () -> client.replies().size() == 2);
          assertThat(client.replies()).containsExactly("+OK", "$1 v");
        });
  }

  @Test
  void largeValuesGoThroughBothWays() {
    Lab.each(
        "large",
        1,
        lab -> {
          start(lab);
          String value = "v".repeat(40_000);
          LabClient client = lab.client().ask("SET", "k", value).ask("GET", "k");
          lab.until("both replies", () -> client.replies().size() == 2);
          assertThat(client.replies().get(1).length()).isEqualTo(value.length() + 7);
        });
  }

  /// A client may end its half and wait for the reply.
  @Test
  void theReplyComesBeforeTheEnd() {
    Lab.each(
        "half-close",
        1,
        lab -> {
          start(lab);
          lab.server(0).delayMillis(30);
          LabClient client = lab.client().ask("PING").halfClose();
          lab.until("the end", client::ended);
          assertThat(client.replies()).containsExactly("+PONG");
          assertThat(client.failure()).isNull();
        });
  }

  @Test
  void theNextOneComesAfterwards() {
    Lab.each(
        "next",
        1,
        lab -> {
          start(lab);
          for (int i = 0; i < 4; i++) {
            LabClient client = lab.client().ask("PING");
            lab.until("a reply", () -> client.replies().size() == 1);
            if (i % 2 == 0) {
              client.halfClose();
            } else {
              client.reset();
            }
          }
          lab.assertQuiet();
        });
  }

  /// A server that goes takes its client along; the next client gets a connection of its own.
  @Test
  void aServerThatGoesIsNoticed() {
    Lab.each(
        "server-gone",
        1,
        lab -> {
          start(lab);
          LabClient client = lab.client().ask("PING");
          lab.until("a reply", () -> client.replies().size() == 1);
          lab.server(0).resetAll();
          lab.until("the client's end", client::ended);
          LabClient next = lab.client().ask("PING");
          lab.until("a reply", () -> next.replies().size() == 1);
          lab.end();
        });
  }
}
