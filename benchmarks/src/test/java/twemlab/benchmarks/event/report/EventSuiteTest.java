package twemlab.benchmarks.event.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.options.TimeValue;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.xml.sax.InputSource;
import twemlab.benchmarks.Tiny;
import twemlab.benchmarks.compare.ProxyIdle;
import twemlab.benchmarks.event.InterestChurn;
import twemlab.benchmarks.event.Item;
import twemlab.benchmarks.event.Mechanism;
import twemlab.benchmarks.event.PipeChain;
import twemlab.benchmarks.event.Plan;
import twemlab.benchmarks.event.SimRig;

/// The benchmarks of event mechanisms run, tiny, so that they cannot rot; their times mean nothing
/// here.
final class EventSuiteTest {
  private static final ProxyIdle.Effort IDLE = new ProxyIdle.Effort(20_000_000L, 20_000_000L);

  private static final List<Mechanism> READINESS = Mechanism.of(Mechanism.Family.READINESS);

  private static EventReport run(List<Item> items, TimeValue limit) {
    Plan plan = new Plan(items, List.of(), List.of(), IDLE, limit);
    return new EventSuite(plan, Tiny.silent(), (_, _, _) -> {}).run("a test");
  }

  private static EventReport run(List<Item> items) {
    return run(items, TimeValue.minutes(5));
  }

  private static List<Item> chains() {
    List<Item> items = new ArrayList<>();
    for (Mechanism mechanism : Mechanism.values()) {
      Item.Section section =
          mechanism.family() == Mechanism.Family.READINESS
              ? Item.Section.EVENTS
              : Item.Section.CHANNELS;
      items.add(Plan.chain(section, Tiny.EFFORT, mechanism, 30, 1));
    }
    items.add(Plan.chain(Item.Section.EVENTS, Tiny.EFFORT, Mechanism.EPOLL, 3, 1));
    items.add(Plan.chain(Item.Section.CHANNELS, Tiny.EFFORT, Mechanism.EPOLL_CHANNELS, 3, 1));
    return items;
  }

  /// What could have run and did not is in `left`, where only refusals may be.
  private static void assertComplete(EventReport report, List<Item> items) {
    List<String> refused =
        items.stream()
            .filter(item -> item.refusal().get().isPresent())
            .map(item -> item.name() + ": " + item.refusal().get().get())
            .toList();
    assertThat(report.left()).containsExactlyElementsOf(refused);
    assertThat(report.results()).hasSize(items.size() - refused.size());
    assertThat(report.results()).allSatisfy(each -> assertThat(each.nanos()).isPositive());
  }

  @Test
  void everyMechanismIsMeasuredAndDrawn(@TempDir Path folder) throws Exception {
    List<Item> items = chains();
    EventReport report = run(items);
    assertComplete(report, items);
    List<Path> files = report.write(folder);
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .contains("events-1.svg", "channels-1.svg", "scans.svg", "README.md", "event.json")
        .doesNotContain("events-100.svg", "total.svg", "idle.svg");
    for (Path file : files) {
      String text = Files.readString(file);
      if (file.toString().endsWith(".svg")) {
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(text)));
      }
    }
    assertThat(Files.readString(folder.resolve("events-1.svg"))).contains("EpollEventBase, edge");
    Object json =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(folder.resolve("event.json")));
    assertThat(json).isInstanceOf(Map.class);
    assertThat(((Map<?, ?>) json).get("manifest")).asString().contains("processor", "kernel");
  }

  @Test
  void churnTotalsAndDowncallsRun() {
    List<Item> items = new ArrayList<>();
    Plan.churn(items, Tiny.EFFORT, READINESS, InterestChurn.Change.OUTPUT);
    List<Mechanism> two = List.of(Mechanism.EPOLL, Mechanism.NETTY_EPOLL);
    Plan.churn(items, Tiny.EFFORT, two, InterestChurn.Change.NONE);
    Plan.churn(items, Tiny.EFFORT, two, InterestChurn.Change.REGISTRATION);
    List<Mechanism> three = List.of(Mechanism.POLL, Mechanism.NETTY_EPOLL, Mechanism.SELECTOR);
    Plan.totals(items, Tiny.EFFORT, three, List.of(100));
    Plan.downcalls(items, Tiny.EFFORT);
    EventReport report = run(items);
    assertComplete(report, items);
    assertThat(text(report)).contains("errno captured", "kqueue, simulated", "output on, off");
  }

  @Test
  void requestsAreForwardedOnEverySimulatedKernel() {
    List<Item> items = new ArrayList<>();
    Plan.simulated(items, Tiny.EFFORT, SimRig.backends());
    Plan.loopback(items, Tiny.EFFORT, List.of("epoll"));
    EventReport report = run(items);
    assertComplete(report, items);
    assertThat(SimRig.backends()).contains("epoll", "kqueue", "event-ports", "io_uring");
    assertThat(report.of(Item.Section.SIMULATED))
        .allSatisfy(each -> assertThat(each.calls()).isBetween(0.01, 8.0));
    assertThat(text(report)).contains("| kqueue | simulated, 50 clients |");
  }

  private static String text(EventReport report) {
    StringWriter text = new StringWriter();
    report.print(new PrintWriter(text, true));
    return text.toString();
  }

  /// A peer that fails is reported, and the others go on.
  @Test
  void whatFailsIsLeftOut() {
    Item good = Plan.chain(Item.Section.EVENTS, Tiny.EFFORT, Mechanism.POLL, 3, 1);
    Item bad =
        new Item(
            good.section(),
            "broken",
            good.setting(),
            PipeChain.class,
            "run",
            Map.of("mechanism", "POLL", "pairs", "-1", "active", "1"),
            1,
            Tiny.EFFORT,
            Optional::empty,
            () -> 0.0);
    EventReport report = run(List.of(bad, good));
    assertThat(report.results()).extracting(each -> each.item().subject()).hasSize(1);
    assertThat(report.left()).singleElement().asString().startsWith("PipeChain.run ");
    assertThat(text(report)).contains("## Left out");
  }

  @Test
  void callsThatCannotBeCountedAreAQuestionMark() {
    Item good = Plan.chain(Item.Section.EVENTS, Tiny.EFFORT, Mechanism.EPOLL, 1000, 1);
    Item uncounted =
        new Item(
            good.section(),
            good.subject(),
            good.setting(),
            good.type(),
            good.method(),
            good.parameters(),
            good.units(),
            good.effort(),
            good.refusal(),
            () -> {
              throw new IOException("no perf");
            });
    EventReport report = run(List.of(uncounted));
    assertThat(report.left()).singleElement().asString().endsWith("system calls: no perf");
    assertThat(text(report)).contains("| ? |");
  }

  @Test
  void theTimeIsBounded() {
    EventReport report = run(chains(), TimeValue.nanoseconds(0));
    assertThat(report.results()).isEmpty();
    assertThat(report.left()).allSatisfy(each -> assertThat(each).endsWith("no time was left"));
  }

  @Test
  void thePlansAreWhole() {
    for (Plan plan : List.of(Plan.quick(), Plan.full())) {
      assertThat(plan.items()).extracting(Item::section).contains(Item.Section.EVENTS);
      assertThat(plan.items()).extracting(Item::name).isNotEmpty();
      assertThat(plan.idleTargets()).contains("epoll");
    }
    EnumSet<Item.Section> once = EnumSet.complementOf(EnumSet.of(Item.Section.AGAIN));
    assertThat(Plan.full().items()).extracting(Item::section).containsAll(once);
    assertThat(Plan.quick().items()).extracting(Item::section).contains(Item.Section.AGAIN);
  }

  /// A quick run measures something twice, and says how far the two are apart.
  @Test
  void whatIsMeasuredTwiceSaysHowMuchIsNoise() {
    List<Item> items =
        List.of(
            Plan.chain(Item.Section.EVENTS, Tiny.EFFORT, Mechanism.POLL, 3, 1),
            Plan.chain(Item.Section.AGAIN, Tiny.EFFORT, Mechanism.POLL, 3, 1));
    StringWriter text = new StringWriter();
    run(items).print(new PrintWriter(text, true));
    assertThat(text.toString())
        .startsWith("Do not quote these figures")
        .containsPattern("PollEventBase, measured twice, differs from itself by \\d+ %; load");
  }
}
