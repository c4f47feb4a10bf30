package twemlab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `twemlab sim`, each time in a JVM of its own.
final class SimCommandTest {
  @TempDir Path directory;

  private record Result(int status, String out) {}

  private static Result run(List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.add(SimCommand.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out);
  }

  private static String lastLine(String text) {
    return text.strip().substring(text.strip().lastIndexOf('\n') + 1);
  }

  @Test
  void aSeedHasOneHashInEveryJvm() throws Exception {
    Result first = run(List.of(), "--seed", "7", "--requests", "20");
    Result second =
        run(
            List.of(
                "-XX:TieredStopAtLevel=1", "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2"),
            "--seed",
            "7",
            "--requests",
            "20");
    assertThat(first.status()).isZero();
    assertThat(lastLine(first.out())).matches("trace hash: [0-9a-f]{16}");
    assertThat(lastLine(second.out())).isEqualTo(lastLine(first.out()));
  }

  @Test
  void aScenarioIsShownWithAColumnForEachActor() throws Exception {
    Path file = directory.resolve("trace.txt");
    Result result = run(List.of(), "--scenario", "slow-server", "--trace", file.toString());
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("slow-server: replies later than the timeout");
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.getFirst()).matches(" *ms  pool1-client1 .* proxy .* pool1-server1");
    assertThat(lines).hasSizeGreaterThan(100).anyMatch(line -> line.contains("epoll_wait 3 = 1"));
  }

  /// What has no effect is refused: a scenario has its own faults.
  @Test
  void aScenarioTakesNoOff() throws Exception {
    Result result = run(List.of(), "--scenario", "slow-server", "--off", "RST");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).contains("--off and --scenario exclude each other");
  }

  @Test
  void aBatchIsSummed() throws Exception {
    File summary = directory.resolve("summary.json").toFile();
    Result result =
        run(
            List.of(),
            "--seeds",
            "1..6",
            "--requests",
            "10",
            "--jobs",
            "2",
            "--check-determinism",
            "--summary",
            summary.getPath());
    assertThat(result.status()).as(result.out()).isZero();
    assertThat(lastLine(result.out()))
        .startsWith("6 runs, no violation, in ")
        .contains("simulated requests/s");
    assertThat(Files.readString(summary.toPath()))
        .contains("\"runs\": 6,")
        .contains("\"failed_seed\": null");
  }

  @Test
  void wrongUsageIsToldApart() throws Exception {
    assertThat(run(List.of(), "--scenario", "no-such").status()).isEqualTo(2);
    assertThat(run(List.of(), "--list").out()).contains("fd-reuse-in-batch", "accept-emfile");
  }
}
