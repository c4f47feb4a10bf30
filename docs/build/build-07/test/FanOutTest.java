package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FanOutTest {
  private static void start(Lab lab) {
    lab.start(new Proxy(lab.kernel(), lab.config()));
  }

  private static final int KEYS = 20;

  private static LabClient filled(Lab lab) {
    start(lab);
    LabClient client = lab.client();
    for (int i = 0; i < KEYS; i++) {
      client.ask("SET", "key:" + i, "v" + i);
    }
    lab.until("all replies", () -> client.replies().size() == KEYS);
    return client;
  }

  private static String[] mget(int from, int to) {
    String[] words = new String[to - from + 1];
    words[0] = "MGET";
    for (int i = from; i < to; i++) {
      words[1 + i - from] = "key:" + i;
    }
    return words;
  }

  private static String values(int from, int to) {
    StringBuilder text = new StringBuilder("*" + (to - from));
    for (int i = from; i < to; i++) {
      text.append(" $").append(("v" + i).length()).append(" v").append(i);
    }
    return text.toString();
  }

  @Test
  void valuesComeInTheOrderOfTheKeys() {
    Lab.each(
        "values",
        3,
        lab -> {
          LabClient client = filled(lab);
          lab.server(1).delayMillis(20);
          client.ask(mget(0, KEYS)).ask("PING").ask(mget(5, 9));
          lab.until("all replies", () -> client.replies().size() == KEYS + 3);
          assertThat(client.replies().subList(KEYS, KEYS + 3))
              .containsExactly(values(0, KEYS), "+PONG", values(5, 9));
        });
  }

  @Test
  void whatIsNotThereIsNil() {
    Lab.each(
        "nil",
        3,
        lab -> {
          LabClient client = filled(lab);
          client.ask("MGET", "key:1", "none", "key:2", "key:1");
          lab.until("the reply", () -> client.replies().size() == KEYS + 1);
          assertThat(client.replies().getLast()).isEqualTo("*4 $2 v1 $-1 $2 v2 $2 v1");
        });
  }

  /// One part fails, so the whole does, once.
  @Test
  void aLostServerFailsTheWholeReply() {
    Lab.each(
        "part-lost",
        3,
        lab -> {
          LabClient client = filled(lab);
          lab.server(0).silent(true);
          client.ask(mget(0, KEYS)).ask("MGET", "key:0", "key:1");
          lab.forMillis(50);
          lab.server(0).silent(false);
          lab.server(0).resetAll();
          lab.until("two replies", () -> client.replies().size() == KEYS + 2);
          assertThat(client.replies().get(KEYS)).startsWith("-");
          client.ask(mget(0, KEYS));
          lab.until("a third", () -> client.replies().size() == KEYS + 3);
          assertThat(client.replies().getLast()).isEqualTo(values(0, KEYS));
          client.halfClose();
          lab.assertQuiet();
          lab.end();
        });
  }

  @Test
  void aClientThatLeavesDisturbsNobody() {
    Lab.each(
        "leaves",
        3,
        lab -> {
          LabClient client = filled(lab);
          LabClient leaving = lab.client().ask(mget(0, KEYS));
          lab.server(2).delayMillis(30);
          client.ask(mget(0, KEYS));
          lab.forMillis(2);
          leaving.reset();
          lab.until("the reply", () -> client.replies().size() == KEYS + 1);
          assertThat(client.replies().getLast()).isEqualTo(values(0, KEYS));
        });
  }
}
