package twemlab.sim.run.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

  @Test
  void unknownNamesAreRefusedWithTheNearestOne() throws Exception {
    refused("--off 'RTS': did you mean RST? accepted: all, ACCEPT_ERROR, ", "--off", "RTS");
    refused(
        "--backend 'epol2': did you mean epoll? accepted: epoll, epoll-level, ",
        "--backend",
        "epol2");
    refused(
        "scenario 'slow-sever': did you mean slow-server? accepted: fin-",
        "--scenario",
        "slow-sever");
    refused(
        "--protocol 'redsi': did you mean redis? accepted: redis, memcached",
        "--scenario",
        "slow-server",
        "--protocol",
        "redsi");
    refused("Invalid value for option '--seed': 'abc' is no whole number", "--seed", "abc");
  }

  private void refused(String message, String... arguments) throws Exception {
    Result result = run(List.of(), arguments);
    assertThat(result.out()).startsWith("twemlab sim: " + message).hasLineCount(1);
    assertThat(result.status()).isEqualTo(2);
  }

  /// Only what can be simulated is offered.
  @Test
  void theJavaBackendIsNotOffered() throws Exception {
    Result result = run(List.of(), "--backend", "nio");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out().replaceAll(".*accepted: ", "")).doesNotContain("nio");
  }

  @Test
  void theFirstLettersOfOneNameDo() throws Exception {
    Result result = run(List.of(), "--scenario", "fin", "--off", "", "--quiet");
    assertThat(result.status()).isEqualTo(2);
    result = run(List.of(), "--scenario", "fin", "--quiet");
    assertThat(result.out()).startsWith("fin-coalesced: ");
  }

  @Test
  void aTraceThatCannotBeWrittenIsToldWithItsNameAndTheReason() throws Exception {
    Result none = run(List.of(), "--seed", "3", "--trace", "/nonexistent/x.txt");
    assertThat(none.status()).isEqualTo(1);
    assertThat(lastLine(none.out()))
        .isEqualTo("twemlab sim: /nonexistent/x.txt: No such file or directory");
    assumeTrue(Files.exists(Path.of("/dev/full")));
    for (String ending : List.of("txt", "jsonl", "html", "svg")) {
      Path full = directory.resolve("full." + ending);
      Files.createSymbolicLink(full, Path.of("/dev/full"));
      Result result = run(List.of(), "--seed", "3", "--trace", full.toString());
      assertThat(result.status()).isEqualTo(1);
      assertThat(lastLine(result.out()))
          .isEqualTo("twemlab sim: " + full + ": No space left on device");
      assertThat(result.out()).doesNotContain("replay:");
    }
  }

  /// A scenario is read by people: waits of which nothing came are counted.
  @Test
  void idleWaitsAreFoldedAndACutTraceKeepsItsHeader() throws Exception {
    Result whole = run(List.of(), "--scenario", "slow-server");
    assertThat(whole.out())
        .containsPattern("epoll_wait 3 = 0  \\(\\d+ such waits, the last one\\)");
    List<String> lines =
        run(List.of(), "--scenario", "slow-server", "--steps", "5..7").out().lines().toList();
    int head = 0;
    while (!lines.get(head).matches(" *ms  pool1-client1 .*")) {
      head++;
    }
    assertThat(lines.get(head + 4)).startsWith("seed 1: ");
    Path file = directory.resolve("cut.txt");
    run(List.of(), "--scenario", "slow-server", "--steps", "5..7", "--trace", file.toString());
    assertThat(Files.readAllLines(file)).isEqualTo(lines.subList(head, head + 4));
  }
}
