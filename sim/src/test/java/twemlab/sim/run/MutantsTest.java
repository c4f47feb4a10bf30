package twemlab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// The simulator finds planted bugs.
final class MutantsTest {
  @Test
  void everyPatchApplies() throws IOException {
    for (Mutant mutant : Mutant.ALL) {
      assertThat(mutant.apply(MutantsCommand.root())).contains(mutant.replacement());
    }
  }

  @Test
  void theCanaryIsFound() throws IOException {
    MutantsCommand.Trial trial = MutantsCommand.attempt(Mutant.ALL.getFirst(), 20_000_000_000L);
    assertThat(trial.check()).isEqualTo("reply");
  }
}
