package twemlab.sim.run.lanes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import twemlab.event.backend.Backend;
import twemlab.proxy.trace.TraceFile;
import twemlab.proxy.trace.TraceRow;
import twemlab.sim.Simulation;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.oracle.Violation;
import twemlab.sim.run.SimTrace;
import twemlab.sim.scenario.Scenario;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.WireProtocol;

/// One lane: a scenario on one backend, its turns by how many requests had been read when they
/// ended, and its system calls counted.
public final class LanesRun implements TraceFile {
  private static final Set<String> NO_CALLS =
      Set.of(
          "SEGMENT",
          "FIN",
          "RESET",
          "CONNECTED",
          "SYN_DROPPED",
          "FAULT",
          "ACTOR",
          "COMPLETION",
          "MAP",
          "UNMAP",
          "RESOLVE");

  /// One turn of the loop.
  record Turn(List<TraceRow> calls) {}

  private final Backend backend;
  private final Map<Long, List<Turn>> turns = new TreeMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private List<TraceRow> calls = new ArrayList<>();
  private long turn = -1;
  private long read;
  private String violation;

  private LanesRun(Backend backend) {
    this.backend = backend;
  }

  public static LanesRun of(Scenario scenario, Backend backend, WireProtocol protocol, long seed) {
    LanesRun lane = new LanesRun(backend);
    SwarmSettings settings = scenario.settings(backend, protocol);
    try (SimTrace trace = new SimTrace(lane, settings)) {
      Simulation.run(new SeededChoices(seed), settings, trace);
    } catch (Violation e) {
      lane.violation(e.getMessage());
    } catch (java.io.IOException e) {
      throw new AssertionError("nothing is written", e);
    }
    return lane;
  }

  Backend backend() {
    return backend;
  }

  /// Turns that did something, by the requests that had been read at their end.
  Map<Long, List<Turn>> turns() {
    return turns;
  }

  /// How often each system call was made.
  public Map<String, Integer> counts() {
    return counts;
  }

  public long requests() {
    return read;
  }

  /// Why the run failed, or null.
  String violation() {
    return violation;
  }

  @Override
  public void row(TraceRow row) {
    if (!row.actor.equals("proxy") || NO_CALLS.contains(row.call)) {
      return;
    }
    if (row.turn() != turn) {
      endTurn();
      turn = row.turn();
    }
    read = row.requests();
    counts.merge(row.call, 1, Integer::sum);
    calls.add(row);
  }

  private void endTurn() {
    if (!calls.isEmpty()) {
      turns.computeIfAbsent(read, _ -> new ArrayList<>()).add(new Turn(calls));
      calls = new ArrayList<>();
    }
  }

  @Override
  public void violation(String text) {
    violation = text;
  }

  @Override
  public void close() {
    endTurn();
  }
}
