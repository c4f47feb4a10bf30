package twemlab.sim.run.soak;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import twemlab.sim.run.servers.FaultInjector;
import twemlab.sim.run.servers.ServerProcess;

/// What happened so far; any thread counts.
public final class SoakCounts implements FaultInjector.Watch {
  private final LongAdder requests = new LongAdder();
  private final LongAdder right = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder reconnects = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> faults = new ConcurrentSkipListMap<>();
  private volatile String firstWrong;

  void request() {
    requests.increment();
  }

  void right() {
    right.increment();
  }

  void unknown() {
    unknown.increment();
  }

  void reconnected() {
    reconnects.increment();
  }

  void error(String line) {
    errors.computeIfAbsent(line, _ -> new LongAdder()).increment();
  }

  @Override
  public void goes(ServerProcess server, String kind) {
    faults.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  @Override
  public void isBack(ServerProcess server) {}

  void wrong(String what) {
    wrong.increment();
    if (firstWrong == null) {
      firstWrong = what;
    }
  }

  /// Requests sent.
  public long requests() {
    return requests.sum();
  }

  /// Replies that were what the model answers.
  public long rightReplies() {
    return right.sum();
  }

  /// Replies to requests whose keys an earlier failure had made unknown.
  public long unknownReplies() {
    return unknown.sum();
  }

  /// Connections that clients closed, some with requests outstanding, to open others.
  public long reconnects() {
    return reconnects.sum();
  }

  /// Replies that were neither right nor an error that the contract names, and connections that the
  /// proxy closed.
  public long wrongReplies() {
    return wrong.sum();
  }

  /// The first of these, or null.
  public String firstWrong() {
    return firstWrong;
  }

  /// Error lines of the contract, each with its number.
  public Map<String, LongAdder> errors() {
    return errors;
  }

  /// What was done to the servers.
  public Map<String, LongAdder> faults() {
    return faults;
  }
}
