package twemlab.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Function;
import twemlab.benchmarks.DistributionStudy.Move;
import twemlab.benchmarks.DistributionStudy.Spread;
import twemlab.benchmarks.PanelChart.Mark;
import twemlab.benchmarks.PanelChart.Panel;
import twemlab.benchmarks.PanelChart.Scale;
import twemlab.hashing.DistributionKind;

/// `twemlab bench hashing --plot`: the distributions compared on balance, disruption and lookup
/// time, a chart for each and one with all three.
///
/// @param lookups nanoseconds by distribution and number of servers, as measured
public record HashingPlots(
    DistributionStudy study, Map<DistributionKind, NavigableMap<Integer, Double>> lookups) {
  private static final List<Integer> SIZES = List.of(3, 10, 100);
  private static final int OVERVIEW_SIZE = 100;
  private static final List<DistributionKind> KINDS = List.of(DistributionKind.values());

  /// Writes `balance.svg`, `disruption.svg`, `lookup.svg` and `overview.svg`.
  ///
  /// @return the files
  public List<Path> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Panel> balance = SIZES.stream().map(this::balance).toList();
    List<Panel> disruption = SIZES.stream().map(this::disruption).toList();
    double slowest =
        lookups.values().stream().flatMap(row -> row.values().stream()).max(Double::compare).get();
    List<Panel> lookup =
        lookups.values().iterator().next().keySet().stream()
            .map(servers -> lookup(servers, slowest))
            .toList();
    int last = SIZES.indexOf(OVERVIEW_SIZE);
    List<Panel> all =
        List.of(
            renamed("Fullest server (1 is even)", balance.get(last)),
            renamed("Keys that move at a death", disruption.get(last)),
            renamed("Lookup (ns)", lookup(OVERVIEW_SIZE, slowest)));
    return List.of(
        save(folder.resolve("balance.svg"), balanceChart(balance)),
        save(folder.resolve("disruption.svg"), disruptionChart(disruption)),
        save(folder.resolve("lookup.svg"), lookupChart(lookup)),
        save(folder.resolve("overview.svg"), overviewChart(all)));
  }

  private static Path save(Path file, PanelChart chart) throws IOException {
    return Files.writeString(file, chart.svg());
  }

  private PanelChart balanceChart(List<Panel> panels) {
    return new PanelChart(
        "Balance: how full is the fullest server?",
        "Its share of the keys, as a multiple of the even share. Shorter is better; 1 is even.",
        names(),
        panels,
        List.of(),
        List.of(
            String.format(
                Locale.ROOT,
                "%,d keys over servers of equal weight. Bar: mean of %d pools with other server"
                    + " names; whisker: the best and the worst of them.",
                study.keys(),
                study.sets()),
            "Chance alone fills the fullest of 100 servers above 1, by the more the fewer keys"
                + " there are; a ring's uneven arcs stay."));
  }

  private PanelChart disruptionChart(List<Panel> panels) {
    return new PanelChart(
        "Disruption: which keys move when one server dies?",
        "Share of all keys. The keys of the dead server must move: that part is the optimum.",
        names(),
        panels,
        List.of("keys of the dead server", "keys of servers that live: needless"),
        List.of(
            String.format(
                Locale.ROOT,
                "%,d keys; mean over the servers that die in turn (ten of a hundred).",
                study.keys()),
            "ketama with 100 servers: the number of points of a server is rounded in 32-bit floats,"
                + " so it can change with the number of servers.",
            "Under random no key has a home: it is drawn anew for each request, death or not."));
  }

  private PanelChart lookupChart(List<Panel> panels) {
    return new PanelChart(
        "Lookup: how long does it take to choose a server?",
        "Nanoseconds for one hash, on a logarithmic axis. Further left is better.",
        names(),
        panels,
        List.of(),
        List.of(
            "JMH, one thread, servers of equal weight, all live and idle; the key is hashed"
                + " already and the tables are in the cache."));
  }

  private PanelChart overviewChart(List<Panel> panels) {
    return new PanelChart(
        "Seven ways to share keys among " + OVERVIEW_SIZE + " servers",
        "No way wins everywhere: shorter, and further left, is better in each column.",
        names(),
        panels,
        List.of("value; of keys that move: the dead server's", "needless moves"),
        List.of(
            String.format(
                Locale.ROOT,
                "%,d keys, equal weights. ketama_bounded is idle here; its bound on the load of"
                    + " a busy server does not show.",
                study.keys())));
  }

  private Panel balance(int servers) {
    List<Spread> spreads = KINDS.stream().map(kind -> study.balance(kind, servers)).toList();
    double high = highestBalance();
    return new Panel(
        servers + " servers",
        new Scale(1, high, false, PanelChart.ticks(1, high, high > 1.5 ? 0.2 : 0.1), ""),
        marks(
            spreads,
            s -> new Mark(List.of(s.mean()), s.least(), s.most(), format("%.2f", s.mean()))));
  }

  /// One scale for all numbers of servers: bars are compared across the panels, too.
  private double highestBalance() {
    double most =
        SIZES.stream()
            .flatMap(servers -> KINDS.stream().map(kind -> study.balance(kind, servers)))
            .mapToDouble(Spread::most)
            .max()
            .orElseThrow();
    return Math.max(1.1, Math.ceil(most * 10) / 10);
  }

  private Panel disruption(int servers) {
    List<Move> moves = KINDS.stream().map(kind -> study.disruption(kind, servers)).toList();
    return new Panel(
        servers + " servers",
        new Scale(0, 100, false, PanelChart.ticks(0, 100, 25), " %"),
        marks(
            moves,
            move -> {
              double needed = 100 * move.needed();
              double all = needed + 100 * move.needless();
              return new Mark(List.of(needed, all), all, all, format("%.1f %%", all));
            }));
  }

  private Panel lookup(int servers, double slowest) {
    double high = Math.pow(10, Math.ceil(Math.log10(Math.max(10, slowest))));
    List<Double> ticks = new ArrayList<>();
    for (double tick = 1; tick <= high; tick *= 10) {
      ticks.add(tick);
    }
    return new Panel(
        servers + " servers (ns)",
        new Scale(1, high, true, ticks, ""),
        marks(
            KINDS.stream().map(kind -> lookups.get(kind).get(servers)).toList(),
            nanos -> Mark.of(nanos, format(nanos < 10 ? "%.1f ns" : "%,.0f ns", nanos))));
  }

  private static Panel renamed(String title, Panel panel) {
    return new Panel(title, panel.scale(), panel.marks());
  }

  private static <T> List<Mark> marks(List<T> values, Function<T, Mark> mark) {
    return values.stream().map(mark).toList();
  }

  private static List<String> names() {
    return Arrays.stream(DistributionKind.values()).map(DistributionKind::configName).toList();
  }

  // The annotation that Error Prone asks for would be a library of its own.
  @SuppressWarnings("AnnotateFormatMethod")
  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
