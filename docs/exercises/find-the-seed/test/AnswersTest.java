package twemlab.exercise.findtheseed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.EventBases;
import twemlab.event.kernel.Errno;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.run.mutants.PlantedMutant;
import twemlab.sim.scenario.SwarmSettings;

/// Runs the seed with the mutant and without it, and judges the answers by the two traces.
final class AnswersTest {
  private static final String MUTANT = "no-rearm-after-eagain";
  private static final long REQUESTS = 40;
  private static final String SHORT_WRITE = "short write";

  private static final Map<String, String> ANSWERS = new TreeMap<>();
  private static long seed;
  private static PlantedMutant healthy;
  private static PlantedMutant mutant;

  @BeforeAll
  static void runBoth() throws IOException {
    try (InputStream in = AnswersTest.class.getResourceAsStream("answers.txt")) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        int equals = line.indexOf('=');
        if (!line.startsWith("#") && equals > 0) {
          ANSWERS.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        }
      }
    }
    assertThat(answer("seed")).as("the seed").matches("\\d{1,9}");
    seed = Long.parseLong(answer("seed"));
    healthy = PlantedMutant.none(seed, REQUESTS);
    mutant = PlantedMutant.run(MUTANT, seed, REQUESTS);
  }

  private static String answer(String key) {
    assertThat(ANSWERS.get(key)).as("the line '%s = '", key).isNotNull();
    return ANSWERS.get(key);
  }

  private static int firstDifference() {
    int shorter = Math.min(healthy.trace().size(), mutant.trace().size());
    int at = 0;
    while (at < shorter && healthy.trace().get(at).equals(mutant.trace().get(at))) {
      at++;
    }
    assertThat(at).as("lines in which both traces are the same").isLessThan(shorter);
    return at;
  }

  /// The name of a call and its descriptor, of a line of a trace or of an answer.
  private static String call(String line) {
    return line.strip()
        .replaceFirst("^[0-9.]+ +", "")
        .replaceFirst("^(\\w+)(?: [A-Z]+)? (\\d+)\\b.*$", "$1 $2");
  }

  @Test
  void theSeedCatchesTheMutantAndNotTheProxy() {
    assertThat(healthy.violation()).as("violation without the mutant").isEmpty();
    assertThat(mutant.violation()).as("violation with the mutant").isNotEmpty();
  }

  @Test
  void itsBackendIsEpollLevel() {
    SwarmSettings.Wish wish = new SwarmSettings.Wish(Optional.empty(), REQUESTS, Set.of());
    assertThat(Simulation.settings(new SeededChoices(seed), wish).base())
        .isEqualTo(EventBases.EPOLL_LEVEL);
  }

  @Test
  void theCheck() {
    assertThat(answer("check").equals(mutant.violation().split(":", 2)[0]))
        .as("'%s' is the check", answer("check"))
        .isTrue();
  }

  @Test
  void whatTheCallBeforeAnswered() {
    String before = healthy.trace().get(firstDifference() - 1).strip();
    int result = Integer.parseInt(before.substring(before.lastIndexOf('=') + 1).strip());
    String given = answer("the call before answered");
    if (result < 0) {
      assertThat(given.equals(Errno.of(result).name()))
          .as("'%s' names %d, the result in '%s'", given, result, before)
          .isTrue();
    } else {
      assertThat(given.equals(SHORT_WRITE))
          .as(
              "'%s' is right: '%s' has written %d bytes, fewer than it was given, and that is no"
                  + " error: the answer is '%s'",
              given, before, result, SHORT_WRITE)
          .isTrue();
    }
  }

  @Test
  void theMissingCall() {
    List<String> trace = healthy.trace();
    assertThat(call(answer("first missing call")).equals(call(trace.get(firstDifference()))))
        .as("'%s' is right", answer("first missing call"))
        .isTrue();
  }

  @Test
  void edgeTriggered() {
    assertThat(answer("caught on epoll")).isIn("yes", "no");
    // EpollEventBase.addOut does nothing when it is edge-triggered, so leaving it out changes
    // nothing.
    assertThat(answer("caught on epoll").equals("no")).as("the answer is right").isTrue();
  }
}
