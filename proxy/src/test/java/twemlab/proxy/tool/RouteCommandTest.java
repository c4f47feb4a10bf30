package twemlab.proxy.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Routes that were observed on nutcracker 0.5.0, from the configuration file on.
final class RouteCommandTest {
  private static final String CONFIGURATION =
      """
      alpha:
        listen: 127.0.0.1:22121
        hash: fnv1a_64
        distribution: ketama
        hash_tag: "{}"
        servers:
         - 10.0.0.3:11212:1
         - 10.0.0.1:11211:1
         - 10.0.0.2:11211:1
      beta:
        listen: 127.0.0.1:22122
        hash: murmur
        distribution: ketama
        servers:
         - 10.0.0.1:6379:1 server10
         - 10.0.0.2:6379:2 server2
         - 10.0.0.3:6379:1 s1
      dice:
        listen: 127.0.0.1:22123
        distribution: random
        servers:
         - 10.0.0.1:6379:1 a
         - 10.0.0.2:6379:9 b
      """;

  @TempDir private Path folder;
  private String file;

  @BeforeEach
  void writeConfiguration() throws IOException {
    Path path = folder.resolve("pools.yml");
    Files.writeString(path, CONFIGURATION);
    file = path.toString();
  }

  private CommandRun route(String input, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-c";
    all[1] = file;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return CommandRun.of(RouteCommand::new, input, all);
  }

  @Test
  void observedRoutes() {
    CommandRun run = route("a\nbar\nuser:{42}:x\nhex:6b65793a31\n\nhex:\n", "alpha");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "a\t1\t10.0.0.2",
            "bar\t2\t10.0.0.3:11212",
            "user:{42}:x\t2\t10.0.0.3:11212",
            "hex:6b65793a31\t0\t10.0.0.1",
            "\t2\t10.0.0.3:11212",
            "hex:\t2\t10.0.0.3:11212");
  }

  @Test
  void sharesOfTenThousandKeys() {
    CommandRun run = route(keys(10_000), "beta");
    assertThat(run.out().lines()).hasSize(10_000).contains("key:2\t1\tserver2");
    assertThat(run.err().lines())
        .containsExactly(
            " 22.85 %  2285  s1", " 54.50 %  5450  server2", " 22.65 %  2265  server10");
  }

  @Test
  void theDeadGetNothing() {
    CommandRun run = route(keys(1000), "--dead", "server2,s1", "beta");
    assertThat(run.err().lines())
        .containsExactly(
            "  0.00 %  0  s1 (dead)", "  0.00 %  0  server2 (dead)", "100.00 %  1000  server10");
    CommandRun nobody = route("a\n", "--dead", "server2,s1,server10", "beta");
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.out()).isEqualTo("\n");
    assertThat(nobody.err()).startsWith("stdin:1: no server is live");
  }

  @Test
  void randomIsRepeatable() {
    String once = route(keys(200), "dice").out();
    assertThat(route(keys(200), "dice").out()).isEqualTo(once);
    assertThat(route(keys(200), "--seed", "7", "dice").out()).isNotEqualTo(once);
  }

  @Test
  void badHex() {
    CommandRun run = route("hex:xx\na\n", "alpha");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("\na\t1\t10.0.0.2\n");
    assertThat(run.err()).startsWith("stdin:1: not a hex digit");
  }

  @Test
  void wrongUsage() {
    assertUsage(route("", "gamma"), "has no pool 'gamma': accepted: beta, dice, alpha");
    assertUsage(route("", "--dead", "x", "dice"), "--dead: no server 'x': accepted: a, b");
    assertUsage(CommandRun.of(RouteCommand::new, "", "alpha"), "'--conf-file=CONF'");
  }

  private static void assertUsage(CommandRun run, String message) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void brokenConfiguration() throws IOException {
    Files.writeString(
        Path.of(file), "alpha:\n  listen: 127.0.0.1:1\n  hash: md6\n  servers:\n   - a:1:1\n");
    CommandRun run = route("a\n", "alpha");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(file + ":3:").contains("is not a valid hash");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void plot() throws IOException {
    Path picture = folder.resolve("alpha.svg");
    assertThat(route(keys(300), "--plot", picture.toString(), "alpha").exitCode()).isZero();
    String svg = Files.readString(picture);
    assertThat(SvgCheck.count(svg, "path")).isEqualTo(4);
    assertThat(svg).contains("pool alpha, hash fnv1a_64: ketama over 3 servers");
  }

  private static String keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> "key:" + i + "\n").collect(Collectors.joining());
  }
}
