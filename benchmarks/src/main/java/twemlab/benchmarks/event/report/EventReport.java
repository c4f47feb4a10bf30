package twemlab.benchmarks.event.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import twemlab.benchmarks.compare.ProxyIdle;
import twemlab.benchmarks.event.Base;
import twemlab.benchmarks.event.ChainCounts;
import twemlab.benchmarks.event.InterestChurn;
import twemlab.benchmarks.event.Item;
import twemlab.benchmarks.event.Mechanism;
import twemlab.benchmarks.event.Plan;

/// The results of `twemlab bench event`: tables in Markdown, charts and JSON.
///
/// @param left out, and why
/// @param facts about the machine and the command
public record EventReport(
    List<Item.Result> results,
    List<ProxyIdle.Row> idle,
    List<String> left,
    Map<String, String> facts) {

  private static final int PEER_PAIRS = 1000;
  private static final List<Mechanism> PEERS =
      List.of(Mechanism.EPOLL, Mechanism.NETTY_EPOLL, Mechanism.SELECTOR);

  /// Writes `README.md`, `event.json` and the charts.
  ///
  /// @return the files
  public List<Path> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    Map<String, LineChart> charts = new EventCharts(this).all();
    for (Map.Entry<String, LineChart> chart : charts.entrySet()) {
      files.add(Files.writeString(folder.resolve(chart.getKey()), chart.getValue().svg()));
    }
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    out.println("# Event mechanisms, measured");
    out.println();
    facts.forEach((name, value) -> out.println("- " + name + ": " + value));
    out.println();
    out.println("How to read this: [docs/benchmarks.md](../../benchmarks.md#event).");
    out.println();
    charts.forEach((file, chart) -> out.printf("![%s](%s)%n%n", chart.title(), file));
    print(out);
    files.add(Files.writeString(folder.resolve("README.md"), text.toString()));
    files.add(Files.writeString(folder.resolve("event.json"), EventJson.of(this)));
    return files;
  }

  /// The tables.
  public void print(PrintWriter out) {
    noise(out);
    peers(out);
    chains(out, Item.Section.EVENTS, "An event among n descriptors: who tells that it is ready");
    chains(out, Item.Section.CHANNELS, "An event among n connections: who moves the bytes, too");
    totals(out);
    churn(out);
    downcalls(out);
    forwarding(out);
    idleProxy(out);
    scans(out);
    if (!left.isEmpty()) {
      heading(out, "Left out");
      left.forEach(each -> out.println("- " + each));
      out.println();
    }
  }

  /// What a quick run is worth: the same thing, measured twice.
  private void noise(PrintWriter out) {
    List<Item.Result> again = of(Item.Section.AGAIN);
    if (again.isEmpty()) {
      return;
    }
    double most = 0;
    for (Item.Result each : again) {
      for (Item.Result first : of(Item.Section.EVENTS)) {
        if (first.item().subject().equals(each.item().subject())
            && first.item().setting().equals(each.item().setting())) {
          most = Math.max(most, Math.abs(first.nanos() / each.nanos() - 1));
        }
      }
    }
    out.printf(
        Locale.ROOT,
        "Do not quote these figures: they come from short runs. %s, measured twice, differs from"
            + " itself by %.0f %%; load average before: %s. What differs by less says nothing.%n%n",
        again.getFirst().item().subject(),
        100 * most,
        facts.getOrDefault("load average before", "unknown"));
  }

  /// One mechanism beside another: see [EventSuite#only].
  public void printOnly(PrintWriter out) {
    noise(out);
    chains(out, Item.Section.EVENTS, "An event among n descriptors");
    left.forEach(each -> out.println("left out: " + each));
  }

  private static void heading(PrintWriter out, String text) {
    out.println("## " + text);
    out.println();
  }

  List<Item.Result> of(Item.Section section) {
    return results.stream().filter(each -> each.item().section() == section).toList();
  }

  /// A result of a chain, if it was measured.
  private Item.Result chain(Item.Section section, Mechanism mechanism, int pairs, int active) {
    return of(section).stream()
        .filter(each -> each.item().subject().equals(mechanism.title()))
        .filter(each -> each.item().setting().get(Plan.PAIRS) == pairs)
        .filter(each -> each.item().setting().get(Plan.ACTIVE) == active)
        .findFirst()
        .orElse(null);
  }

  private Item.Result peer(Mechanism mechanism, int active) {
    Item.Result sure = chain(Item.Section.PEERS, mechanism, PEER_PAIRS, active);
    return sure != null ? sure : chain(Item.Section.EVENTS, mechanism, PEER_PAIRS, active);
  }

  private void peers(PrintWriter out) {
    if (peer(Mechanism.EPOLL, 1) == null && peer(Mechanism.EPOLL, 100) == null) {
      return;
    }
    heading(out, "EpollEventBase beside its peers, 1,000 descriptors");
    out.println("| active | | ns/event | +- | ours / theirs | syscalls/event | B/event |");
    out.println("|---|---|---|---|---|---|---|");
    for (int active : List.of(1, 100)) {
      Item.Result ours = peer(Mechanism.EPOLL, active);
      for (Mechanism mechanism : PEERS) {
        Item.Result each = peer(mechanism, active);
        if (each != null) {
          String ratio =
              ours == null || mechanism == Mechanism.EPOLL
                  ? ""
                  : ratio(ours.nanos() / each.nanos());
          out.printf(
              Locale.ROOT,
              "| %d | %s | %.0f | %s | %s | %s | %.2f |%n",
              active,
              mechanism.title(),
              each.nanos(),
              error(each),
              ratio,
              calls(each.calls()),
              each.bytes());
        }
      }
    }
    out.println();
    out.println(
        "Same kind of sockets, one byte an event. Netty's and ours read and write by the same two"
            + " calls, the JDK's by its own. Below 1, ours is the cheaper. B/event: what the"
            + " measuring thread allocates.");
    out.println();
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String error(Item.Result each) {
    return Double.isNaN(each.error()) ? "-" : String.format(Locale.ROOT, "%.0f", each.error());
  }

  static String calls(double calls) {
    return calls < 0 ? "?" : String.format(Locale.ROOT, "%.2f", calls);
  }

  /// A table for each number of active ones: a row for each mechanism, a column for each n.
  private void chains(PrintWriter out, Item.Section section, String title) {
    List<Item.Result> all = of(section);
    if (all.isEmpty()) {
      return;
    }
    heading(out, title);
    for (int active : distinct(all, Plan.ACTIVE)) {
      List<Item.Result> some =
          all.stream().filter(each -> each.item().setting().get(Plan.ACTIVE) == active).toList();
      List<Integer> sizes = distinct(some, Plan.PAIRS);
      out.printf("%,d active, ns/event:%n%n", active);
      out.println(
          "| | "
              + sizes.stream()
                  .map(n -> String.format("n = %,d", n))
                  .collect(Collectors.joining(" | "))
              + " | syscalls/event | B/event |");
      out.println("|---|" + "---|".repeat(sizes.size() + 2));
      for (String subject : subjects(some)) {
        out.println(row(subject, some, sizes));
      }
      out.println();
    }
    out.println(
        "syscalls/event and B/event at the largest n. Not measured: a thread that sleeps and is"
            + " woken, TCP, more than a byte.");
    out.println();
  }

  private static String row(String subject, List<Item.Result> all, List<Integer> sizes) {
    StringBuilder row = new StringBuilder("| " + subject + " |");
    Item.Result last = null;
    for (int size : sizes) {
      Item.Result found = null;
      for (Item.Result each : all) {
        if (each.item().subject().equals(subject)
            && each.item().setting().get(Plan.PAIRS) == size) {
          found = each;
          last = each;
        }
      }
      row.append(found == null ? " - |" : String.format(Locale.ROOT, " %,.0f |", found.nanos()));
    }
    return row.append(String.format(Locale.ROOT, " %s | %.2f |", calls(last.calls()), last.bytes()))
        .toString();
  }

  private static List<Integer> distinct(List<Item.Result> all, String setting) {
    return List.copyOf(
        new TreeSet<>(all.stream().map(each -> each.item().setting().get(setting)).toList()));
  }

  static List<String> subjects(List<Item.Result> all) {
    return all.stream().map(each -> each.item().subject()).distinct().toList();
  }

  private void totals(PrintWriter out) {
    List<Item.Result> all = of(Item.Section.TOTAL);
    if (all.isEmpty()) {
      return;
    }
    heading(out, "A whole iteration: n taken out and registered again, then 1,100 events");
    out.println("| | n | timeouts | us/iteration | +- | syscalls | B |");
    out.println("|---|---|---|---|---|---|---|");
    for (Item.Result each : all) {
      out.printf(
          Locale.ROOT,
          "| %s | %,d | %s | %,.0f | %s | %s | %,.0f |%n",
          each.item().subject(),
          each.item().setting().get(Plan.PAIRS),
          each.item().setting().get("timeouts") == 1 ? "on" : "off",
          each.nanos() / 1e3,
          Double.isNaN(each.error())
              ? "-"
              : String.format(Locale.ROOT, "%,.0f", each.error() / 1e3),
          each.calls() < 0 ? "?" : String.format(Locale.ROOT, "%,.0f", each.calls()),
          each.bytes());
    }
    out.println();
  }

  private void churn(PrintWriter out) {
    List<Item.Result> all = of(Item.Section.CHURN);
    heading(out, "Interest that changes at each event");
    out.println("| | change | ns/event | +- | syscalls/event | B/event |");
    out.println("|---|---|---|---|---|---|");
    for (Item.Result each : all) {
      out.printf(
          Locale.ROOT,
          "| %s | %s | %.0f | %s | %s | %.2f |%n",
          each.item().subject(),
          InterestChurn.Change.values()[each.item().setting().get("change")].title(),
          each.nanos(),
          error(each),
          calls(each.calls()),
          each.bytes());
    }
    for (Base base : List.of(Base.KQUEUE, Base.EVENT_PORTS)) {
      for (InterestChurn.Change change : InterestChurn.Change.values()) {
        ChainCounts counts =
            ChainCounts.simulated(base, InterestChurn.PAIRS, InterestChurn.ACTIVE, change);
        out.printf(
            Locale.ROOT,
            "| %s, simulated | %s | - | - | %.2f | - |%n",
            base.backend(),
            change.title(),
            counts.calls());
      }
    }
    out.println();
    out.println(
        "100 descriptors, 10 active. Without a change two calls are the write and the read, the"
            + " rest is the wait's share.");
    out.println();
  }

  private void downcalls(PrintWriter out) {
    List<Item.Result> all = of(Item.Section.DOWNCALL);
    if (all.isEmpty()) {
      return;
    }
    heading(out, "The price of the seam");
    out.println("| call | way | ns | +- | syscalls | B |");
    out.println("|---|---|---|---|---|---|");
    for (Item.Result each : all) {
      String method = each.item().subject();
      int way = 0;
      while (way < method.length() && !Character.isUpperCase(method.charAt(way))) {
        way++;
      }
      out.printf(
          Locale.ROOT,
          "| %s | %s | %.1f | %s | %.0f | %.2f |%n",
          method.startsWith("byte") ? "a byte written and read" : method.substring(0, way) + "()",
          WAYS.get(method.substring(way)),
          each.nanos(),
          Double.isNaN(each.error()) ? "-" : String.format(Locale.ROOT, "%.1f", each.error()),
          each.calls(),
          each.bytes());
    }
    out.println();
  }

  private static final Map<String, String> WAYS =
      Map.of(
          "Plain",
          "plain downcall",
          "Errno",
          "errno captured",
          "Critical",
          "critical",
          "Seam",
          "the kernel seam",
          "Nio",
          "java.nio (JNI)");

  private void forwarding(PrintWriter out) {
    if (of(Item.Section.SIMULATED).isEmpty() && of(Item.Section.LOOPBACK).isEmpty()) {
      return;
    }
    heading(out, "A GET through the whole proxy, on one thread");
    out.println("| backend | kernel | ns/request | +- | syscalls/request | B/request |");
    out.println("|---|---|---|---|---|---|");
    List<Item.Result> all = new ArrayList<>(of(Item.Section.SIMULATED));
    all.addAll(of(Item.Section.LOOPBACK));
    for (Item.Result each : all) {
      boolean simulated = each.item().section() == Item.Section.SIMULATED;
      out.printf(
          Locale.ROOT,
          "| %s | %s | %,.0f | %s | %s | %.2f |%n",
          each.item().subject(),
          simulated ? "simulated, 50 clients" : "loopback, 1 client",
          each.nanos(),
          error(each),
          calls(each.calls()),
          each.bytes());
    }
    out.println();
    out.println(
        "The times hold the peers' work, and the simulator's own, which allocates; the calls are"
            + " the proxy's alone. On loopback nobody sleeps, so that waits that found nothing are"
            + " among them.");
    out.println();
  }

  private void idleProxy(PrintWriter out) {
    if (idle.isEmpty()) {
      return;
    }
    heading(out, "The proxy with idle connections, 50 busy ones");
    out.println(
        "| proxy | idle | CPU us/request | requests/s | syscalls/request | p50 us | p99 us |");
    out.println("|---|---|---|---|---|---|---|");
    for (ProxyIdle.Row row : idle) {
      out.printf(
          Locale.ROOT,
          "| %s | %,d | %.2f | %,.0f | %s | %.0f | %.0f |%n",
          row.target(),
          row.idle(),
          row.cpuMicros(),
          row.rate(),
          calls(row.systemCalls()),
          row.p50(),
          row.p99());
    }
    out.println();
    out.println(
        "Clients, server and proxy are three processes. Percentiles: open loop at half of the row's"
            + " rate, from when a request was due.");
    out.println();
  }

  /// Counted anew, because it is the same at any time and on every machine.
  private static void scans(PrintWriter out) {
    List<Integer> sizes = EventCharts.SCAN_SIZES;
    heading(out, "What a wait looks at, counted on the simulated kernel");
    out.println(
        "| | "
            + sizes.stream()
                .map(n -> String.format("n = %,d", n))
                .collect(Collectors.joining(" | "))
            + " |");
    out.println("|---|" + "---|".repeat(sizes.size()));
    for (Base base : Base.values()) {
      StringBuilder row = new StringBuilder("| " + base.backend() + " |");
      for (int size : sizes) {
        row.append(
            ChainCounts.fits(base, size)
                ? String.format(
                    Locale.ROOT,
                    " %,.1f |",
                    ChainCounts.simulated(base, size, 1, InterestChurn.Change.NONE).scanned())
                : " - |");
      }
      out.println(row);
    }
    out.println();
    out.println("Entries that go to or come from a wait, per event, with 1 active.");
    out.println();
  }
}
