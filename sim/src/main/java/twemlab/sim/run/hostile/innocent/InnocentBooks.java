package twemlab.sim.run.hostile.innocent;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import twemlab.sim.run.hostile.attack.Arena;

/// What the innocent clients saw; any thread writes.
public final class InnocentBooks {
  private static final int DIGITS = 3;

  private final LongAdder right = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder owed = new LongAdder();
  private final LongAdder notOwed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Map<String, LongAdder> failures = new ConcurrentSkipListMap<>();
  private final Map<Arena, Recorder> through = new EnumMap<>(Arena.class);
  private final Recorder direct = new Recorder(DIGITS);

  public InnocentBooks() {
    for (Arena arena : Arena.values()) {
      through.put(arena, new Recorder(DIGITS));
    }
  }

  /// A right reply.
  ///
  /// @param micros from the moment when the request was due
  /// @param calm whether its servers were there all the time: only then does the latency count
  void right(Seat seat, long micros, boolean calm) {
    if (seat.direct()) {
      direct.recordValue(micros);
      return;
    }
    right.increment();
    if (calm) {
      through.get(seat.arena()).recordValue(micros);
    }
  }

  void wrong() {
    wrong.increment();
  }

  /// An error reply, no reply, or a closed connection.
  ///
  /// @param isOwed to a server that was away
  void failed(Seat seat, String how, boolean isOwed) {
    (isOwed ? owed : notOwed).increment();
    String text = seat.name() + ": " + how + (isOwed ? " (owed to a server)" : "");
    failures.computeIfAbsent(text, _ -> new LongAdder()).increment();
  }

  /// A new connection that was closed while a flood held all places.
  void refused() {
    refused.increment();
  }

  /// Requests that are over.
  public long requests() {
    return rightReplies() + wrongReplies() + failedOwed() + failedNotOwed();
  }

  /// Replies that were right.
  public long rightReplies() {
    return right.sum();
  }

  /// Replies that were neither right nor an error.
  public long wrongReplies() {
    return wrong.sum();
  }

  /// Failures owed to a server that was away.
  public long failedOwed() {
    return owed.sum();
  }

  /// Failures owed to nobody: the proxy broke its promise.
  public long failedNotOwed() {
    return notOwed.sum();
  }

  /// New connections that a flood left no place for.
  public long refusedConnections() {
    return refused.sum();
  }

  /// How requests failed, and how often.
  public Map<String, LongAdder> failures() {
    return failures;
  }

  /// Latencies in microseconds since the last call, pool by pool.
  Map<Arena, Histogram> latencies() {
    Map<Arena, Histogram> latencies = new EnumMap<>(Arena.class);
    through.forEach((arena, recorder) -> latencies.put(arena, recorder.getIntervalHistogram()));
    return latencies;
  }

  /// The same of the clients without a proxy.
  Histogram directLatencies() {
    return direct.getIntervalHistogram();
  }
}
