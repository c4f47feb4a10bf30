package twemlab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.proxy.trace.TraceFile;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.run.lanes.LanesRun;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.world.Trace;

/// What a trace holds, on each backend, and its forms.
final class TraceFormsTest {
  private static final long[] ALL_STEPS = {1, Long.MAX_VALUE};

  @TempDir Path directory;

  static List<Backend> backends() {
    return Scenario.bases();
  }

  private static SwarmSettings settings(String scenario, Backend backend) {
    return Scenario.byName(scenario).orElseThrow().settings(backend, WireProtocol.REDIS);
  }

  private static Simulation.Report trace(
      Path file, SwarmSettings settings, TraceFile.Options options) throws IOException {
    TraceFile.Form form = TraceFile.Form.of(file).orElseThrow();
    var head = SimTrace.head("test", settings, 1);
    try (SimTrace trace = new SimTrace(TraceFile.create(file, form, head, options), settings)) {
      return Simulation.run(new SeededChoices(1), settings, trace);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void whoLooksChangesNothing(Backend backend) throws IOException {
    SwarmSettings settings = settings("slow-server", backend);
    Path file = directory.resolve("trace.jsonl");
    Simulation.Report watched = trace(file, settings, TraceFile.Options.NONE);
    Simulation.Report alone = Simulation.run(new SeededChoices(1), settings, null);
    assertThat(watched.traceHash()).isEqualTo(alone.traceHash());
    List<String> lines = Files.readAllLines(file);
    // The report is made before the proxy is closed, which takes some steps more.
    assertThat(lines).hasSizeBetween((int) watched.steps() + 2, (int) watched.steps() + 100);
    assertThat(lines.getFirst()).startsWith("{\"trace\":\"twemlab\",\"version\":1,");
  }

  /// On each backend the bytes of a client are seen to be read and parsed, and those of its reply
  /// to be written; waits tell which descriptors were ready, and on whose connection.
  @ParameterizedTest
  @MethodSource("backends")
  void bytesParsersAndBatchesAreSeenEverywhere(Backend backend) throws IOException {
    Path file = directory.resolve("trace.jsonl");
    trace(file, settings("slow-server", backend), TraceFile.Options.NONE);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines)
        .anyMatch(
            line -> line.contains("\"conn\":\"pool1-client1#1\"") && parsed(line, "ARRAY_MARK"))
        .anyMatch(line -> line.contains("\"conn\":\"pool1-server1#") && parsed(line, "MARK"))
        .anyMatch(line -> line.contains("\"ready\":[{\"fd\":"))
        .anyMatch(line -> line.contains("\"asks\":[{\"fd\":"))
        .noneMatch(line -> line.contains("no message of this protocol"));
  }

  private static boolean parsed(String line, String state) {
    return line.contains("\"data\":\"") && line.contains("then " + state + ", nothing begun");
  }

  @Test
  void whatTheKernelHoldsReadyIsToldBeforeAWaitTakesIt() throws IOException {
    Path file = directory.resolve("trace.jsonl");
    trace(file, settings("slow-server", EventBases.EPOLL), TraceFile.Options.NONE);
    List<String> queues = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.contains("\"queue\":")) {
        queues.add(line);
      }
    }
    assertThat(queues)
        .anyMatch(line -> line.contains("\"SEGMENT\"") && line.matches(".*\"queue\":\\[\\d+].*"))
        .anyMatch(line -> line.contains("\"EPOLL_WAIT\"") && line.contains("\"queue\":[]"));
  }

  @Test
  void aPictureSaysThatItIsTruncated() throws IOException {
    Path file = directory.resolve("trace.svg");
    var some = new TraceFile.Options(60, 90, Optional.empty());
    trace(file, settings("slow-server", EventBases.EPOLL), some);
    assertThat(Files.readString(file))
        .startsWith("<svg xmlns=")
        .contains(">pool1-client1<", ">kernel<", ">proxy<", ">ms<", "bytes arrive")
        .containsPattern("Truncated: steps 60 to 90 of \\d{3}[.]");
  }

  @Test
  void aPageHoldsEverythingItNeeds() throws IOException {
    Path file = directory.resolve("trace.html");
    trace(file, settings("slow-server", EventBases.EPOLL), TraceFile.Options.NONE);
    assertThat(Files.readString(file))
        .doesNotContain(
            "@trace@", "@other@", "@style@", "@scripts@", "src=", "http-equiv", "@import")
        .containsPattern("id=\"trace\">[A-Za-z0-9+/=]{1000,}<");
  }

  @Test
  void aFailedRunIsWrittenUpToItsLastStepAndSaysWhy() throws IOException {
    SwarmSettings settings = settings("slow-server", EventBases.EPOLL);
    Path file = directory.resolve("failed.jsonl");
    Path text = directory.resolve("failed.txt");
    var head = SimTrace.head("test", settings, 1);
    TraceFile lines = TraceFile.create(file, TraceFile.Form.JSONL, head, TraceFile.Options.NONE);
    for (RunTrace trace :
        List.of(RunTrace.file(lines, settings), RunTrace.text(text, settings, ALL_STEPS))) {
      try (trace) {
        trace.listener().step(new Trace.Step(5, "proxy", Trace.Kind.LISTEN, 6, 0, 512, 0, null));
        trace.violation("reply: not this one");
      }
    }
    assertThat(Files.readAllLines(file))
        .hasSize(3)
        .endsWith("{\"violation\":\"reply: not this one\"}")
        .anyMatch(line -> line.contains("\"call\":\"LISTEN\",\"fd\":6"));
    assertThat(Files.readAllLines(text)).endsWith("violation: reply: not this one");
  }

  @Test
  void lanesCountTheCallsOfEachBackend() {
    Scenario scenario = Scenario.byName("slow-server").orElseThrow();
    LanesRun edge = LanesRun.of(scenario, EventBases.EPOLL, WireProtocol.REDIS, 1);
    LanesRun poll = LanesRun.of(scenario, EventBases.POLL, WireProtocol.REDIS, 1);
    assertThat(edge.counts()).containsKeys("EPOLL_WAIT", "EPOLL_CTL", "READ", "WRITE");
    assertThat(poll.counts()).containsKey("POLL").doesNotContainKey("EPOLL_CTL");
    // The last phase's requests too, so that both have read all of them.
    assertThat(edge.requests()).isGreaterThan(60).isEqualTo(poll.requests());
  }

  @Test
  void textShowsWhatEpollIsAskedFor() {
    SwarmSettings settings = settings("partial-writes", EventBases.EPOLL);
    TraceColumns columns = new TraceColumns(settings);
    List<String> lines = new ArrayList<>();
    Simulation.run(new SeededChoices(1), settings, step -> lines.add(columns.line(step)));
    assertThat(lines)
        .anyMatch(line -> line.matches(".* epoll_ctl ADD \\d+ IN OUT RDHUP ET = 0"))
        .noneMatch(line -> line.matches(".* epoll_ctl \\d+ = .*"));
  }
}
