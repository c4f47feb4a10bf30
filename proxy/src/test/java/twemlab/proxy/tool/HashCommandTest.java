package twemlab.proxy.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HashCommandTest {
  private static final String APPLE =
      "6170706c65\t2297466611\t3195025439\t3662830516\t10542\t2838417488\t473199127\t1488911807"
          + "\t67176023\t280767167\t3738850110\t4142305122\t1442444624\n";
  private static final String EMPTY =
      "-\t0\t3649838548\t0\t0\t0\t2216829733\t2216829733\t2166136261\t2166136261\t0\t0"
          + "\t3735928572\n";

  @Test
  void rowsOfTheReference() {
    CommandRun run = CommandRun.of(HashCommand::new, "6170706c65\n-\n6170706C65");
    assertThat(run).isEqualTo(new CommandRun(0, APPLE + EMPTY + APPLE, ""));
  }

  @ParameterizedTest
  @CsvSource({
    "616, stdin:2: odd number of hex digits: 3",
    "6g, stdin:2: not a hex digit at column 2",
    "'', 'stdin:2: nothing; accepted: hex digits, or - for no bytes'",
    "'61\t', stdin:2: odd number of hex digits: 3"
  })
  void badLines(String line, String message) {
    CommandRun run = CommandRun.of(HashCommand::new, "-\n" + line + "\n-\n");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEqualTo(EMPTY + "\n" + EMPTY);
    assertThat(run.err().strip()).isEqualTo(message);
  }

  @Test
  void someHashes() {
    CommandRun run = CommandRun.of(HashCommand::new, "6170706c65\n", "--hash", "crc32a,xxh3");
    assertThat(run.out()).isEqualTo("6170706c65\t2838417488\t3474950656\n");
  }

  @Test
  void wrongUsage() {
    CommandRun run = CommandRun.of(HashCommand::new, "", "--hash", "sha1");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("hash 'sha1': accepted: one_at_a_time, md5");
  }

  @Test
  void help() {
    CommandRun run = CommandRun.of(HashCommand::new, "", "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: twemlab hash").contains("one_at_a_time md5 crc16");
  }
}
