package twemlab.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The page on the simulator says what each fault does.
final class FaultTableTest {
  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z_]+");

  @Test
  void everyFaultHasARowAndEveryRowAFault() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("..", "docs", "simulator.md")).stream()
            .dropWhile(line -> !line.startsWith("| fault |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.split("\\|", -1)[1])
            .toList();
    TreeSet<String> named = new TreeSet<>();
    rows.forEach(row -> NAME.matcher(row).results().map(MatchResult::group).forEach(named::add));
    TreeSet<String> faults = new TreeSet<>();
    for (Fault fault : Fault.values()) {
      faults.add(fault.name());
    }
    assertThat(named).isEqualTo(faults);
  }
}
