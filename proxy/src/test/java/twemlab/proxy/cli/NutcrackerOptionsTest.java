package twemlab.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.proxy.cli.NutcrackerOptions.Action;
import twemlab.proxy.conf.ListenCheck;

/// The command line as getopt_long reads it.
final class NutcrackerOptionsTest {
  private static final List<String> BACKENDS = List.of("epoll", "poll");

  private static List<String> words(String line) {
    return line.isEmpty() ? List.of() : Arrays.asList(Pattern.compile(" ").split(line));
  }

  private static NutcrackerOptions parse(String line) throws UsageException {
    return NutcrackerOptions.parse(words(line), BACKENDS);
  }

  private static UsageException mistake(String line) {
    UsageException e = catchThrowableOfType(UsageException.class, () -> parse(line));
    assertThat(e).as(line).isNotNull();
    return e;
  }

  @Test
  void defaultsAreUpstreams() throws UsageException {
    assertThat(parse(""))
        .isEqualTo(
            new NutcrackerOptions(
                Action.RUN,
                false,
                false,
                false,
                5,
                Optional.empty(),
                "conf/nutcracker.yml",
                22222,
                "0.0.0.0",
                30_000,
                Optional.empty(),
                16384,
                "epoll",
                10,
                1L << 30,
                Optional.empty()));
  }

  @Test
  void everyOptionIsRead() throws UsageException {
    assertThat(
            parse(
                "-d -v 7 -o log -c x.yml -s 1 -a ::1 -i 0 -p pid -m 512 --backend poll"
                    + " --drain-timeout 3 --memory 24M --trace t.html"))
        .isEqualTo(
            new NutcrackerOptions(
                Action.RUN,
                false,
                false,
                true,
                7,
                Optional.of("log"),
                "x.yml",
                1,
                "::1",
                0,
                Optional.of("pid"),
                512,
                "poll",
                3,
                24L << 20,
                Optional.of("t.html")));
  }

  @Test
  void ourOptionsMakeNoPrefixOfNutcrackersAmbiguous() throws UsageException {
    assertThat(parse("--t").action()).isEqualTo(Action.TEST_CONF);
    assertThat(parse("--tr x.jsonl").trace()).contains("x.jsonl");
  }

  @Test
  void aTracesFormGoesByItsEnding() {
    UsageException refused =
        catchThrowableOfType(UsageException.class, () -> parse("--trace run.pdf"));
    assertThat(refused).hasMessageContaining("ends in .html, .jsonl or .svg");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-v3",
        "-v 3",
        "--verbose=3",
        "--verbose 3",
        "--verb=3",
        "--verb 3",
        "-dv3",
        "-v 9 -v 3",
        "operand -v3 another",
        "- -v3",
        "-v3 -- -v9 -z",
        "-v 003",
      })
  void waysToGiveAnArgument(String line) throws UsageException {
    NutcrackerOptions options = parse(line);
    assertThat(options.logLevel()).isEqualTo(3);
    assertThat(options.action()).isEqualTo(Action.RUN);
  }

  @Test
  void theFollowingWordIsTheArgumentWhateverItIs() throws UsageException {
    assertThat(parse("-o -h").logFile()).contains("-h");
    assertThat(parse("-o --").logFile()).contains("--");
    assertThat(parse("--conf-file --help").confFile()).isEqualTo("--help");
    assertThat(parse("-oc x").logFile()).contains("c");
    assertThat(parse("--output=").logFile()).isEmpty();
    assertThat(parse("--conf=a=b").confFile()).isEqualTo("a=b");
  }

  @ParameterizedTest
  @CsvSource({
    "-t,TEST_CONF",
    "-th,INFORM",
    "-tV,INFORM",
    "-D -t,INFORM",
    "-dt,TEST_CONF",
    "-d,RUN",
    "--test,TEST_CONF",
    "--de,INFORM",
    "--da,RUN",
    "--vers,INFORM",
    "--help,INFORM"
  })
  void informationComesBeforeTestingAndTestingBeforeRunning(String line, Action action)
      throws UsageException {
    assertThat(parse(line).action()).isEqualTo(action);
  }

  @ParameterizedTest
  @CsvSource({
    "-v 12,11",
    "-v 2147483647,11",
    "-v 11,11",
    "-v 0,0",
  })
  void verbosityIsClamped(String line, int level) throws UsageException {
    assertThat(parse(line).logLevel()).isEqualTo(level);
  }

  /// `~` stands for the zero character that getopt leaves for an unknown long name.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--s | invalid option -- '~'",
        "--stats=5 | invalid option -- '~'",
        "--v | invalid option -- '~'",
        "--d | invalid option -- '~'",
        "--= | invalid option -- '~'",
        "--help=3 | invalid option -- 'h'",
        "--vers= | invalid option -- 'V'",
        "-hx | invalid option -- 'x'",
        "-? | invalid option -- '?'",
        "-W foo | invalid option -- 'W'",
        "-: | invalid option -- ':'",
        "extra -z | invalid option -- 'z'",
        "-V --nope | invalid option -- '~'",
        "-v5V | option -v requires a number",
        "--verbose= | option -v requires a number",
        "--pid | option -p requires a file name",
        "--conf-file | option -c requires a file name",
        "--stats-a | option -a requires a string",
        "-m5x | option -m requires a non-zero number",
        "-s 65536 | option -s value 65536 is not a valid port",
        "-s 065536 | option -s value 65536 is not a valid port",
        "-s 99999999999 | option -s value 99999999999 is not a valid port",
        "-m 4294967808 | mbuf chunk size must be between 512 and 16777216 bytes",
        "-m 99999999999999999999 | mbuf chunk size must be between 512 and 16777216 bytes",
        "-i 4294967296 | option -i requires a number",
        "-v 4294967296 | option -v requires a number",
        "-i -1 | option -i requires a number",
        "--backend | option --backend requires a name",
        "--backend nope | option --backend value nope is not an event backend",
        "--backend kqueue | option --backend value kqueue is not available here",
        "--memory | option --memory requires a size",
        "--memory 3m | option --memory requires a size",
        "--memory 1025g | option --memory requires a size",
        "--memory 99999999999999999999g | option --memory requires a size",
        "--memory 5t | option --memory requires a size",
        "--memory m | option --memory requires a size",
        "--memory= | option --memory requires a size",
        "--memory -5m | option --memory requires a size",
        "--drain-timeout x | option --drain-timeout requires a number of seconds",
      })
  void mistakesHaveNutcrackersWords(String line, String reason) {
    UsageException e = mistake(line);
    assertThat(e.reason()).isEqualTo("nutcracker: " + reason.replace('~', '\0'));
    assertThat(e.hint()).isNotEmpty();
  }

  @Test
  void hintsNameWhatIsAccepted() {
    assertThat(mistake("--backend kqueue").hint()).contains("kqueue", "accepted: epoll, poll");
    assertThat(mistake("--nope").hint()).contains("'--nope'", "--help", "--drain-timeout");
    assertThat(mistake("--stats=5").hint()).contains("--stats-port", "--stats-addr");
    assertThat(mistake("-tz").hint()).contains("'-z' in '-tz'", "-m");
    assertThat(mistake("--memory 1m").hint()).contains("'1m'", "4m to 1024g");
    assertThat(mistake("-m 100").hint()).contains("'100'", "512 to 16777216");
    assertThat(NutcrackerOptions.BACKEND_NAMES).hasSize(9).containsAll(BACKENDS);
  }

  @Test
  void testingAFileSaysWhy(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.yml");
    Files.writeString(file, "p:\n  listen: a:0\n  servers:\n   - h:1:1\n");
    NutcrackerInfo bad = testConf(file, 1024);
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(bad.text().lines())
        .hasSize(3)
        .first()
        .isEqualTo(
            "conf: directive \"listen\" has an invalid port in \"hostname:port\" format string");
    assertThat(bad.text())
        .contains(file + ":2:11: 'a:0' is refused; accepted: host:port")
        .endsWith("nutcracker: configuration file '" + file + "' syntax is invalid\n");
    Files.writeString(file, "p:\n  listen: a:1\n  servers:\n   - h:1:999\n   - h:2:1\n");
    NutcrackerInfo good = testConf(file, 1024);
    assertThat(good.exitCode()).isZero();
    assertThat(good.text())
        .startsWith("conf: pool 'p': server 'h:2' of weight 1 has no points")
        .endsWith("\nnutcracker: configuration file '" + file + "' syntax is ok\n");
  }

  private static NutcrackerInfo testConf(Path file, int descriptors) throws UsageException {
    return NutcrackerInfo.testConf(parse("-t -c " + file), ListenCheck.NONE, descriptors);
  }

  /// 2 servers of 3 connections, 1 listener and 32 others are 39 descriptors.
  @Test
  void testingAFileWarnsWhenNoDescriptorIsLeftToClients(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.yml");
    Files.writeString(
        file, "p:\n  listen: a:1\n  server_connections: 3\n  servers:\n   - h:1:1\n   - h:2:1\n");
    assertThat(testConf(file, 40).text().lines()).hasSize(1);
    NutcrackerInfo none = testConf(file, 39);
    assertThat(none.exitCode()).isZero();
    assertThat(none.text())
        .startsWith("conf: 6 server connections, 1 listeners and 32 others leave no descriptor")
        .contains("ulimit -n");
  }

  /// As with a locale that cannot write the name, which no test can have within its own JVM.
  @Test
  void aNameThatIsNoneIsRefused() {
    for (String option : List.of("-c", "-o", "-p", "--trace")) {
      UsageException e =
          catchThrowableOfType(
              UsageException.class,
              () -> NutcrackerOptions.parse(List.of(option, "a\0b.svg"), BACKENDS));
      assertThat(e).as(option).isNotNull();
      assertThat(e.hint()).contains("'a\\x00b.svg' is refused", "locale");
    }
  }

  /// Every option with a number, at the edges of every type it might be kept in.
  @ParameterizedTest
  @CsvSource({
    "-v, 0 2147483647, EMPTY -1 2147483648 9223372036854775808 five 1e3 0x10 +1 ٣",
    "-i, 0 2147483647, EMPTY -1 2147483648 9223372036854775808 five 1e3 0x10 +1 ٣",
    "-s, 1 65535, EMPTY 0 -1 65536 2147483647 2147483648 9223372036854775808 five 1e3 ٣",
    "-m, 512 16777216, EMPTY 0 511 16777217 -1 2147483647 2147483648 9223372036854775808 five ٣",
    "--drain-timeout, 0 2147483647, EMPTY -1 2147483648 9223372036854775808 five 1e3 0x10 +1 ٣",
  })
  void numbersHaveRanges(String option, String taken, String refused) throws UsageException {
    for (String value : taken.split(" ", -1)) {
      NutcrackerOptions.parse(List.of(option, value), BACKENDS);
    }
    for (String value : refused.split(" ", -1)) {
      List<String> line = List.of(option, value.equals("EMPTY") ? "" : value);
      UsageException e =
          catchThrowableOfType(UsageException.class, () -> NutcrackerOptions.parse(line, BACKENDS));
      assertThat(e).as(option + " " + value).isNotNull();
      assertThat(e.hint()).contains("accepted: ");
    }
  }
}
