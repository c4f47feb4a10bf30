package twemlab.sim.run.hostile.innocent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What was measured, second by second and minute by minute. One thread writes; read it afterwards.
public final class Timeline {
  private static final int MINUTE = 60;
  private static final int DIGITS = 3;

  /// A second.
  ///
  /// @param at seconds since the start
  /// @param residentBytes of the proxy
  /// @param p99Micros of the innocent clients; 0 if there was no reply
  /// @param attack what was on
  /// @param away whether a server was away
  public record Sample(
      double at, long residentBytes, long p99Micros, String attack, boolean away) {}

  /// Latencies of the innocent clients in a minute.
  ///
  /// @param minute from 0
  /// @param through with the proxy between
  /// @param direct without, for comparison
  public record Minute(int minute, Histogram through, Histogram direct) {}

  private final List<Sample> samples = new ArrayList<>();
  private final List<Minute> minutes = new ArrayList<>();
  private final Map<String, Histogram> pools = new LinkedHashMap<>();
  private final Map<String, Histogram> attacks = new LinkedHashMap<>();

  public void add(double at, long resident, InnocentBooks books, String attack, boolean away) {
    Histogram through = new Histogram(DIGITS);
    books
        .latencies()
        .forEach(
            (arena, latencies) -> {
              through.add(latencies);
              pools.computeIfAbsent(arena.pool(), _ -> new Histogram(DIGITS)).add(latencies);
            });
    attacks.computeIfAbsent(attack, _ -> new Histogram(DIGITS)).add(through);
    int minute = (int) at / MINUTE;
    while (minutes.size() <= minute) {
      minutes.add(new Minute(minutes.size(), new Histogram(DIGITS), new Histogram(DIGITS)));
    }
    minutes.get(minute).through().add(through);
    minutes.get(minute).direct().add(books.directLatencies());
    samples.add(new Sample(at, resident, through.getValueAtPercentile(99), attack, away));
  }

  public List<Sample> samples() {
    return samples;
  }

  /// In order.
  public List<Minute> minutes() {
    return minutes;
  }

  /// Latencies of the innocent clients of each pool, in microseconds.
  public Map<String, Histogram> pools() {
    return pools;
  }

  /// Latencies of all innocent clients while each attack was on alone, and while all were.
  public Map<String, Histogram> attacks() {
    return attacks;
  }

  /// The most that was seen.
  public long mostResident() {
    return samples.stream().mapToLong(Sample::residentBytes).max().orElse(0);
  }
}
