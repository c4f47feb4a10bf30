package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoopTest {
  private static byte[] bytes(int count, int salt) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8) + salt);
    }
    return bytes;
  }

  private static void start(Lab lab) {
    lab.start(new Echo(lab.kernel(), Lab.LISTEN));
  }

  @Test
  void manyAtOnce() {
    Lab.each(
        "many-at-once",
        0,
        lab -> {
          start(lab);
          List<LabClient> clients = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            clients.add(lab.client().inPieces(bytes(500 + i, i), 100));
          }
          for (int i = 0; i < 6; i++) {
            byte[] wanted = bytes(500 + i, i);
            LabClient client = clients.get(i);
            lab.until("the echo", () -> client.bytes().length >= wanted.length);
            assertThat(client.bytes()).isEqualTo(wanted);
          }
        });
  }

  /// 60,000 bytes do not fit into any buffer on the way.
  @Test
  void aSlowReaderGetsAll() {
    Lab.each(
        "slow-reader",
        0,
        lab -> {
          start(lab);
          byte[] wanted = bytes(60_000, 1);
          LabClient client = lab.client().send(wanted).halfClose();
          lab.until("the end of the echo", client::ended);
          assertThat(client.failure()).as("how the connection failed").isNull();
          assertThat(client.bytes().length).isEqualTo(wanted.length);
          assertThat(Arrays.equals(client.bytes(), wanted)).as("the same bytes").isTrue();
        });
  }

  /// The number of a connection that is gone is given to the next one.
  @Test
  void resetsDisturbNobody() {
    Lab.each(
        "resets",
        0,
        lab -> {
          start(lab);
          byte[] wanted = bytes(5_000, 2);
          for (int round = 0; round < 8; round++) {
            LabClient rude = lab.client().send(bytes(20_000, 3));
            LabClient polite = lab.client().inPieces(wanted, 700);
            lab.forMillis(1);
            rude.reset();
            LabClient next = lab.client().send(wanted);
            lab.until("the echo", () -> polite.bytes().length >= wanted.length);
            lab.until("the next echo", () -> next.bytes().length >= wanted.length);
            assertThat(Arrays.equals(polite.bytes(), wanted)).as("the same bytes").isTrue();
            assertThat(Arrays.equals(next.bytes(), wanted)).as("the next one's bytes").isTrue();
            polite.halfClose();
            next.halfClose();
          }
        });
  }

  @Test
  void whoHasNothingToDoSleeps() {
    Lab.each(
        "sleep",
        0,
        lab -> {
          start(lab);
          LabClient idle = lab.client().send(bytes(10, 4));
          LabClient half = lab.client().pause().send(bytes(30_000, 5)).halfClose();
          lab.assertQuiet(); // one has ended and does not read: neither says anything new
          half.resume();
          lab.until("the end", half::ended);
          assertThat(half.bytes()).hasSize(30_000);
          assertThat(idle.bytes()).hasSize(10);
          lab.assertQuiet();
        });
  }

  @Test
  void everythingIsClosed() {
    Lab.each(
        "closed",
        0,
        lab -> {
          start(lab);
          int before = lab.openDescriptors();
          LabClient client = lab.client().send(bytes(100, 6)).halfClose();
          LabClient rude = lab.client().send(bytes(100, 7));
          lab.forMillis(10);
          rude.reset();
          lab.until("the end", client::ended);
          lab.forMillis(100);
          assertThat(lab.openDescriptors()).as("descriptors when all have gone").isEqualTo(before);
          lab.client().send(bytes(100, 8));
          lab.forMillis(10);
          lab.end();
        });
  }
}
