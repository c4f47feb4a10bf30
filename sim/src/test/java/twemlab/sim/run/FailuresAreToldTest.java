package twemlab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import twemlab.sim.run.demo.HostLoop;
import twemlab.sim.run.mutants.PlantedMutant;

/// What fails on another thread is told to whoever waits for it.
@Timeout(60)
final class FailuresAreToldTest {
  private static final long LONG_MILLIS = 50_000;

  @Test
  void aTrialThatThrowsHasFoundNothing() throws InterruptedException {
    assertThat(PlantedMutant.inTime(() -> "1 2 reply: x", LONG_MILLIS)).contains("1 2 reply: x");
    assertThatThrownBy(
            () ->
                PlantedMutant.inTime(
                    () -> {
                      throw new NoClassDefFoundError("gone");
                    },
                    LONG_MILLIS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gone");
  }

  @Test
  void aTrialThatDoesNotComeBackHangs() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    assertThat(
            PlantedMutant.inTime(
                () -> {
                  await(end);
                  return "";
                },
                20))
        .isEmpty();
    end.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aQuestionThatThrowsIsAnswered() {
    try (HostLoop host = new HostLoop()) {
      host.start("asked");
      assertThatThrownBy(
              () ->
                  HostLoop.ask(
                      host.loop(),
                      () -> {
                        throw new IllegalArgumentException("no answer");
                      }))
          .hasRootCauseMessage("no answer");
      assertThat(HostLoop.ask(host.loop(), () -> 7)).isEqualTo(7);
    }
  }
}
