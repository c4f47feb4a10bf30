package twemlab.proxy.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RingCommandTest {

  /// The reference's own rows, cut down to the input's columns and back.
  @Test
  void rowsOfTheReference() throws IOException {
    String rows = resource("rings.tsv");
    CommandRun run = CommandRun.of(RingCommand::new, inputs(rows));
    assertThat(run.out()).isEqualTo(rows);
    assertThat(run.exitCode()).isZero();
  }

  private static String inputs(String rows) {
    return rows.lines()
        .map(
            row -> {
              String[] columns = row.split("\t", -1);
              String hashes =
                  Stream.of(columns[6].split(";", -1))
                      .map(route -> route.substring(0, route.indexOf(':')))
                      .collect(Collectors.joining(","));
              return columns[0] + "\t" + columns[1] + "\t" + hashes + "\n";
            })
        .collect(Collectors.joining());
  }

  private static String resource(String name) throws IOException {
    try (var in = RingCommandTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void nobodyAlive() {
    CommandRun run = CommandRun.of(RingCommand::new, "ketama\ta@1/1,b@2/1\t1,2\n");
    assertThat(run).isEqualTo(new CommandRun(0, "ketama\ta@1/1,b@2/1\t0\t0\t-\t-\t-\n", ""));
  }

  @Test
  void aServerWithoutPointsIsNamed() {
    CommandRun run = CommandRun.of(RingCommand::new, "ketama\ta@100000/0,b@1/0\t-\n");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("ketama\ta@100000/0,b@1/0\t2\t316\t").endsWith("\t-\n");
    assertThat(run.err())
        .startsWith("stdin:1: warning: weight too small for any point, 1 of 2 live servers: 'b'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rendezvous", "jump", "maglev"})
  void routesWithoutPoints(String kind) {
    CommandRun run = CommandRun.of(RingCommand::new, kind + "\ta@1/0,b@1/1\t5,6\n");
    assertThat(run.out()).isEqualTo(kind + "\ta@1/0,b@1/1\t1\t0\t-\t-\t5:0;6:0\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiterString = " => ",
      value = {
        "random|a@1/0|1 => 'random' has no ring; accepted: ketama",
        "Ketama|a@1/0|1 => 'Ketama' is not a distribution; accepted: ketama",
        "ketama|a@1/0 => 2 columns; accepted: 3, distribution TAB servers TAB hashes",
        "ketama|a@1|1 => server 'a@1' is not name@weight/dead",
        "ketama|a1/0|1 => server 'a1/0' is not name@weight/dead",
        "ketama||1 => server '' is not name@weight/dead",
        "ketama|a@0/0|1 => server 'a@0/0': weight is not a number from 1 to 2147483647",
        "ketama|a@2147483648/0|1 => server 'a@2147483648/0': weight is not a number",
        "ketama|a@1/2|1 => server 'a@1/2': dead is '2'; accepted: 0",
        "ketama|a@1/0|4294967296 => hash '4294967296' is not a number from 0 to 4294967295",
        "ketama|a@1/0|-1 => hash '-1' is not a number",
        "ketama|a@1/0| => hash '' is not a number",
        "modula|a@2147483647/0;b@1/0|1 => the weights add up to more than 2147483647"
      })
  void badLines(String line, String message) {
    String input = line.replace('|', '\t').replace(';', ',') + "\n";
    CommandRun run = CommandRun.of(RingCommand::new, input);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("\n");
    assertThat(run.err()).startsWith("stdin:1: " + message);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void namesAreBytes() {
    String row = "ketama\t\u00c3\u00a9@1/0\t0\n";
    assertThat(CommandRun.of(RingCommand::new, row).out())
        .startsWith("ketama\t\u00c3\u00a9@1/0\t1");
    CommandRun latin = CommandRun.of(RingCommand::new, "ketama\t\u00e9@1/0\t0\n");
    assertThat(latin.err())
        .isEqualTo("stdin:1: a server's name is not UTF-8" + System.lineSeparator());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ketama", "modula", "rendezvous", "jump", "maglev", "ketama_bounded"})
  void plot(String kind, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("ring.svg");
    String input = kind + "\ta<b@1/0,c&d@2/0,dead@1/1\t0,99,4294967295\n";
    CommandRun run = CommandRun.of(RingCommand::new, input, "--plot", file.toString());
    assertThat(run.exitCode()).isZero();
    String picture = Files.readString(file);
    assertThat(SvgCheck.count(picture, "path")).isGreaterThanOrEqualTo(2);
    assertThat(picture).contains("a&lt;b").contains(kind + " over 2 servers of 3");
  }

  @Test
  void plotWithoutLiveServers(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ring.svg");
    CommandRun.of(RingCommand::new, "ketama\ta@1/1\t0\n", "--plot", file.toString());
    assertThat(SvgCheck.count(Files.readString(file), "path")).isZero();
  }

  @Test
  void plotThatCannotBeWritten(@TempDir Path folder) {
    String file = folder.resolve("no/ring.svg").toString();
    CommandRun run = CommandRun.of(RingCommand::new, "ketama\ta@1/0\t0\n", "--plot", file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(file);
  }
}
