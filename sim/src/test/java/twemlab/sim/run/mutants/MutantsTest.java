package twemlab.sim.run.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The simulator finds planted bugs.
final class MutantsTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void everyPatchApplies() throws IOException {
    assertThat(Mutant.ALL).hasSizeGreaterThan(30);
    for (Mutant mutant : Mutant.ALL) {
      String patched = mutant.apply(MutantsCommand.root());
      assertThat(patched).contains(String.join("\n", mutant.added()));
    }
  }

  @Test
  void namesAreUnique() {
    assertThat(Mutant.ALL).extracting(Mutant::name).doesNotHaveDuplicates().contains("canary");
  }

  @Test
  void theCanaryIsFound() throws IOException {
    MutantsCommand.Trial trial = MutantsCommand.attempt(Mutant.ALL.getFirst(), 20 * SECOND, "run");
    assertThat(trial.check()).isEqualTo("reply");
  }

  @Test
  void theFirstLettersOfOneMutantDo() {
    assertThat(Mutant.named("A8").name()).isEqualTo("A8-failed-fragment-not-counted");
    assertThatThrownBy(() -> Mutant.named("no-rearm-after-again"))
        .hasMessageContaining("did you mean no-rearm-after-eagain?");
  }

  @Test
  void aMutantThatTurnsForEverIsEnded() throws Exception {
    // Nothing comes back before the loader has compiled: a patience of no time is over.
    Path directory = Files.createTempDirectory("twemlab-mutant");
    try {
      long before = ProcessHandle.current().children().count();
      assertThat(MutantProcess.run(Mutant.ALL.getFirst(), directory, "run", SECOND, 1)).isEmpty();
      assertThat(ProcessHandle.current().children().count()).isEqualTo(before);
    } finally {
      MutantsCommand.delete(directory);
    }
  }

  @Test
  void whatShrinkingKeepsFailsAgainWithTheMutantOnly() throws IOException {
    MutantsCommand.Trial trial =
        MutantsCommand.attempt(Mutant.ALL.getFirst(), 20 * SECOND, "shrink");
    PlantedMutant again = PlantedMutant.replay(PlantedMutant.OF + "canary\n" + trial.kept());
    assertThat(again.violation()).startsWith("reply:");
    assertThat(again.trace()).hasSizeBetween(10, 60);
    assertThat(MutantTrial.replay(trial.kept(), _ -> {})).isEmpty();
    assertThatThrownBy(() -> PlantedMutant.replay(trial.kept()))
        .hasMessageStartingWith("no line \"mutant NAME\"");
  }
}
