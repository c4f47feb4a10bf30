package twemlab.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// What a proxy costs before it has done anything.
///
/// What it does **not** measure: the kernel's memory for sockets, which is not resident in the
/// process.
///
/// @param target a backend, or nutcracker
/// @param listenMillis from the start of the command until its last port accepts, of each start
/// @param idleBytes resident, a moment after that
/// @param crowdedBytes resident, when [#CLIENTS] more clients have connected and say nothing
record Footprint(String target, List<Double> listenMillis, long idleBytes, long crowdedBytes) {

  /// Idle clients.
  static final int CLIENTS = 9_000;

  private static final int AT_ONCE = 100;
  private static final int MOMENT_MILLIS = 1_000;

  /// Measures nutcracker and our proxy on each backend.
  ///
  /// @param starts of each
  static List<Footprint> of(List<String> backends, int starts, Consumer<String> progress)
      throws IOException {
    List<Footprint> footprints = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of(CompareSuite.REFERENCE));
    names.addAll(backends);
    for (String name : names) {
      progress.accept("start and size of " + name);
      List<Double> millis = new ArrayList<>();
      for (int i = 1; i < starts; i++) {
        try (Target _ = started(name, millis)) {
          pause(10);
        }
      }
      try (Target target = started(name, millis)) {
        pause(MOMENT_MILLIS);
        long idle = target.residentBytes();
        footprints.add(new Footprint(name, millis, idle, crowded(target)));
      }
    }
    return footprints;
  }

  /// No request will come: the servers need not exist.
  private static Target started(String name, List<Double> millis) throws IOException {
    Target.Servers servers = new Target.Servers(List.of(1, 2), List.of(1, 2));
    long begun = System.nanoTime();
    Target target =
        name.equals(CompareSuite.REFERENCE)
            ? Target.nutcracker(name, servers)
            : Target.twemlab(name, servers);
    millis.add((System.nanoTime() - begun) / 1e6);
    return target;
  }

  private static long crowded(Target target) throws IOException {
    try (Load clients = new Load()) {
      for (int i = 0; i < CLIENTS; i += AT_ONCE) {
        clients.connect(target.port(true), AT_ONCE);
        // A backlog that overflows costs a second.
        pause(10);
      }
      pause(MOMENT_MILLIS);
      return target.residentBytes();
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private double bytesOfAClient() {
    return (double) (crowdedBytes - idleBytes) / CLIENTS;
  }

  /// A Markdown table.
  static void print(List<Footprint> footprints, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "| target | ms until it listens | RSS idle, MiB | RSS with %,d idle clients, MiB | bytes of"
            + " a client |%n|---|---|---|---|---|%n",
        CLIENTS);
    for (Footprint each : footprints) {
      out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.1f | %.1f | %.0f |%n",
          each.target,
          Figures.median(each.listenMillis),
          each.idleBytes / 1048576.0,
          each.crowdedBytes / 1048576.0,
          each.bytesOfAClient());
    }
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"target\": \"%s\", \"listenMillis\": %s, \"idleBytes\": %d, \"clients\": %d,"
            + " \"crowdedBytes\": %d}",
        target,
        listenMillis,
        idleBytes,
        CLIENTS,
        crowdedBytes);
  }
}
