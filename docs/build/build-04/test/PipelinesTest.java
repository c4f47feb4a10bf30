package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PipelinesTest {
  private static void start(Lab lab) {
    lab.start(new Proxy(lab.kernel(), lab.config()));
  }

  @Test
  void fiftyRequestsAtOnce() {
    Lab.each(
        "fifty",
        1,
        lab -> {
          start(lab);
          LabClient client = lab.client();
          List<String> wanted = new ArrayList<>();
          for (int i = 0; i < 25; i++) {
            client.ask("SET", "k" + i, "v" + i).ask("GET", "k" + i);
            wanted.addAll(List.of("+OK", "$" + ("v" + i).length() + " v" + i));
          }
          lab.until("all replies", () -> client.replies().size() >= 50);
          assertThat(client.replies()).isEqualTo(wanted);
        });
  }

  @Test
  void requestsMayBeCutAnywhere() {
    byte[] requests =
        Resp.bytes("*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\n\r\n\r\n\r\n*1\r\n$4\r\nPING\r\n");
    Lab.each(
        "cuts",
        1,
        lab -> {
          start(lab);
          for (int size = 1; size <= 7; size++) {
            LabClient client = lab.client().inPieces(requests, size);
            lab.until("three replies", () -> client.replies().size() >= 3);
            assertThat(client.replies()).containsExactly("+PONG", "+OK", "+PONG");
            client.halfClose();
          }
        });
  }

  /// All share one connection to the server.
  @Test
  void eachClientGetsItsOwnReplies() {
    Lab.each(
        "own-replies",
        1,
        lab -> {
          start(lab);
          List<LabClient> clients = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            LabClient client = lab.client();
            clients.add(client);
            for (int k = 0; k < 6; k++) {
              String key = "c" + i + "k" + k;
              client.ask("SET", key, key).ask("GET", key);
            }
          }
          for (int i = 0; i < 5; i++) {
            LabClient client = clients.get(i);
            lab.until("all replies", () -> client.replies().size() >= 12);
            for (int k = 0; k < 6; k++) {
              assertThat(client.replies().get(2 * k + 1)).isEqualTo("$4 c" + i + "k" + k);
            }
          }
          assertThat(lab.server(0).accepted()).as("connections to the server").isEqualTo(1);
        });
  }

  /// Its replies still come from the server, and belong to nobody.
  @Test
  void aClientThatLeavesTakesNobodysReplies() {
    Lab.each(
        "leaves",
        1,
        lab -> {
          start(lab);
          lab.server(0).delayMillis(20);
          LabClient leaving = lab.client().ask("SET", "a", "1").ask("GET", "a");
          LabClient staying = lab.client();
          lab.forMillis(5);
          leaving.reset();
          staying.ask("SET", "b", "22").ask("GET", "b");
          lab.until("both replies", () -> staying.replies().size() >= 2);
          assertThat(staying.replies()).containsExactly("+OK", "$2 22");
        });
  }

  @Test
  void whatIsNoRequestEndsItsConnectionOnly() {
    Lab.each(
        "garbage",
        1,
        lab -> {
          start(lab);
          LabClient other = lab.client().ask("PING");
          LabClient wrong = lab.client().send(Resp.bytes("hello\r\n"));
          lab.until("its end", wrong::ended);
          other.ask("PING");
          lab.until("two replies", () -> other.replies().size() == 2);
          assertThat(other.ended()).isFalse();
        });
  }

  @Test
  void requestsThatALostServerHadAreAnsweredWithAnError() {
    Lab.each(
        "server-lost",
        1,
        lab -> {
          start(lab);
          lab.server(0).silent(true);
          LabClient client = lab.client().ask("GET", "a").ask("GET", "b");
          lab.until("both requests", () -> lab.server(0).requests() == 2);
          lab.server(0).silent(false);
          lab.server(0).resetAll();
          lab.until("two replies", () -> client.replies().size() == 2);
          assertThat(client.replies()).allMatch(reply -> reply.startsWith("-"));
          client.ask("PING");
          lab.until("a third", () -> client.replies().size() == 3);
          assertThat(client.replies().get(2)).isEqualTo("+PONG");
          client.halfClose();
          lab.assertQuiet();
          lab.end();
        });
  }
}
