package twemlab.proxy.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParseCommandTest {
  private static final String PING = "redis\treq\t2a310d0a24340d0a50494e470d0a";
  private static final String PING_ROW = PING + "\tOK\tping\t14\t-\t0\t0\n";

  @Test
  void rowsOfEachKind() {
    String input =
        line("memcache", "req", "gets a bb\r\n")
            + line("memcache", "req", "set k 0 0 1 noreply\r\na\r\n")
            + line("memcache", "rsp", "VALUE k 0 1\r\na\r\nEND\r\n")
            + line("redis", "req", "*1\r\n$4\r\nQUIT\r\n")
            + line("redis", "rsp", "-BUSY x\r\nmore")
            + "redis\treq\t-";
    CommandRun run = CommandRun.of(ParseCommand::new, input);
    assertThat(run.out().lines())
        .containsExactly(
            row("memcache", "req", "gets a bb\r\n", "OK\tgets\t11\t5:6,7:9\t0\t0"),
            row("memcache", "req", "set k 0 0 1 noreply\r\na\r\n", "OK\tset\t24\t4:5\t1\t0"),
            row("memcache", "rsp", "VALUE k 0 1\r\na\r\nEND\r\n", "OK\tend\t21\t-\t-\t-"),
            row("redis", "req", "*1\r\n$4\r\nQUIT\r\n", "OK\tquit\t14\t-\t0\t1"),
            row("redis", "rsp", "-BUSY x\r\nmore", "OK\terror_busy\t9\t-\t-\t-"),
            "redis\treq\t-\tAGAIN\t-\t-\t-\t-\t-");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aRefusedRequestIsAnErrorFromTheMomentItIsKnown() {
    String input =
        line("redis", "req", "*2\r\n$5\r\nhello")
            + line("redis", "req", "*2\r\n$5\r\nhello\r")
            + line("redis", "req", "*2\r\n$5\r\nnoneX\r")
            + line("redis", "req", "*5\r\n$3\r\nGET\r\n$1\r\nk\r\n");
    CommandRun run = CommandRun.of(ParseCommand::new, input);
    assertThat(run.out().lines().map(line -> line.split("\t", -1)[3]))
        .containsExactly("AGAIN", "ERROR", "ERROR", "ERROR");
  }

  @Test
  void aWholeRowOfTheTableIsTaken() {
    assertThat(CommandRun.of(ParseCommand::new, PING_ROW))
        .isEqualTo(new CommandRun(0, PING_ROW, ""));
  }

  @ParameterizedTest
  @CsvSource({
    "'redis\treq', 'stdin:2: 2 columns; accepted: protocol, kind, bytes in hex'",
    "'http\treq\t-', 'stdin:2: protocol ''http''; accepted: redis, memcache'",
    "'redis\tquery\t-', 'stdin:2: kind ''query''; accepted: req, rsp'",
    "'redis\treq\t0', stdin:2: odd number of hex digits: 1"
  })
  void badLines(String line, String message) {
    CommandRun run = CommandRun.of(ParseCommand::new, PING + "\n" + line + "\n" + PING);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEqualTo(PING_ROW + "\n" + PING_ROW);
    assertThat(run.err().strip()).isEqualTo(message);
  }

  @Test
  void wrongUsage() {
    CommandRun run = CommandRun.of(ParseCommand::new, "", "--no-such-option");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void help() {
    CommandRun run = CommandRun.of(ParseCommand::new, "", "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: twemlab parse");
  }

  private static String line(String protocol, String kind, String bytes) {
    return protocol + "\t" + kind + "\t" + hex(bytes) + "\n";
  }

  private static String row(String protocol, String kind, String bytes, String answer) {
    return protocol + "\t" + kind + "\t" + hex(bytes) + "\t" + answer;
  }

  private static String hex(String bytes) {
    return HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }
}
