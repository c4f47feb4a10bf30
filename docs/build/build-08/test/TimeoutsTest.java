package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TimeoutsTest {
  private static void start(Lab lab) {
    lab.start(new Proxy(lab.kernel(), lab.config()));
  }

  /// The time is 400 ms.
  @Test
  void whoWaitsTooLongIsToldSoInTime() {
    Lab.each(
        "in-time",
        1,
        lab -> {
          start(lab);
          LabClient client = lab.client().ask("PING");
          lab.until("a reply", () -> client.replies().size() == 1);
          lab.server(0).silent(true);
          client.ask("GET", "a");
          long begun = lab.nowMillis();
          lab.until("an error", () -> client.replies().size() == 2);
          assertThat(lab.nowMillis() - begun).as("ms until the error").isBetween(395L, 470L);
          assertThat(client.replies().get(1)).startsWith("-");
        });
  }

  /// It has its place in the queue: nobody else may get it.
  @Test
  void aLateReplyGoesNowhere() {
    Lab.each(
        "late",
        1,
        lab -> {
          start(lab);
          LabClient client = lab.client().ask("SET", "a", "late");
          lab.until("a reply", () -> client.replies().size() == 1);
          lab.server(0).delayMillis(600);
          client.ask("GET", "a");
          lab.forMillis(450);
          assertThat(client.replies()).hasSize(2);
          lab.server(0).delayMillis(0);
          lab.forMillis(400);
          client.ask("PING").ask("GET", "b");
          lab.until("two further replies", () -> client.replies().size() == 4);
          assertThat(client.replies().subList(2, 4)).containsExactly("+PONG", "$-1");
        });
  }

  @Test
  void aDividedRequestFailsOnceInTime() {
    Lab.each(
        "divided",
        3,
        lab -> {
          start(lab);
          lab.server(0).silent(true);
          String[] words = new String[31];
          words[0] = "MGET";
          for (int i = 1; i < words.length; i++) {
            words[i] = "key:" + i;
          }
          LabClient client = lab.client().ask(words).ask("PING");
          lab.until("two replies", () -> client.replies().size() == 2);
          assertThat(client.replies().getFirst()).startsWith("-");
          lab.forMillis(1_000);
          assertThat(client.replies()).hasSize(2);
        });
  }

  @Test
  void nobodyWaitsForWhatIsDone() {
    Lab.each(
        "quiet",
        1,
        lab -> {
          start(lab);
          lab.server(0).silent(true);
          LabClient client = lab.client().ask("GET", "a").halfClose();
          lab.until("the end", client::ended);
          lab.assertQuiet();
          lab.end();
        });
  }
}
