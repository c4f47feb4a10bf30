package twemlab.sim.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import twemlab.sim.Simulation;
import twemlab.sim.oracle.Violation;
import twemlab.sim.scenario.SwarmSettings;

/// Runs many seeds, each on one thread, as many at a time as there are threads; stops at the first
/// violation.
public final class SeedBatch {
  private final SwarmSettings.Wish wish;
  private final LongFunction<Simulation.Report> run;
  private final boolean twice;
  private final Progress progress;
  private final AtomicLong next = new AtomicLong();
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Long> runsWith = new TreeMap<>();
  private long first;
  private long last;
  private long started;
  private long runs;
  private long requests;
  private long virtualNanos;
  private long shownAt;
  private Failure failure;

  /// A seed that failed.
  public record Failure(long seed, Violation violation) {}

  /// What a batch came to.
  public record Result(
      Optional<Failure> failure, String text, String json, Map<String, Long> counts) {}

  public SeedBatch(SwarmSettings.Wish wish, boolean twice, Progress progress) {
    this(wish, seed -> Simulation.run(seed, wish), twice, progress);
  }

  /// @param run what is done with a seed
  public SeedBatch(
      SwarmSettings.Wish wish,
      LongFunction<Simulation.Report> run,
      boolean twice,
      Progress progress) {
    this.wish = wish;
    this.run = run;
    this.twice = twice;
    this.progress = progress;
  }

  public Result run(long from, long to, int threads) {
    first = from;
    last = to;
    next.set(from);
    started = System.nanoTime();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < Math.min(threads, to - from + 1); i++) {
      workers.add(Thread.ofPlatform().name("seeds-" + i).start(this::work));
    }
    for (Thread worker : workers) {
      join(worker);
    }
    progress.close();
    if (failure == null && runs != last - first + 1) {
      // A worker that died, or was interrupted, has left seeds out: nobody can say that they hold.
      throw new IllegalStateException(
          "of %d seeds only %d were run".formatted(last - first + 1, runs));
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Result(Optional.ofNullable(failure), text(seconds), json(seconds), counts);
  }

  private static void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    for (long seed = next.getAndIncrement(); seed <= last; seed = next.getAndIncrement()) {
      if (failed()) {
        return;
      }
      try {
        Simulation.Report report = run.apply(seed);
        if (twice && run.apply(seed).traceHash() != report.traceHash()) {
          throw new Violation(
              "determinism: "
                  + Determinism.firstDifference(seed, wish).orElse("the third run agrees again"));
        }
        add(report);
      } catch (Violation e) {
        fail(new Failure(seed, e));
      } catch (Throwable e) { // whatever it is, a seed that leads to it is a finding
        fail(new Failure(seed, new Violation("exception: " + e, e)));
      }
    }
  }

  private synchronized boolean failed() {
    return failure != null;
  }

  private synchronized void fail(Failure found) {
    if (failure == null || found.seed < failure.seed) {
      failure = found;
    }
  }

  private synchronized void add(Simulation.Report report) {
    runs++;
    requests += report.requests();
    virtualNanos += report.virtualNanos();
    report
        .counts()
        .forEach(
            (name, count) -> {
              counts.merge(name, count, Long::sum);
              runsWith.merge(name, count > 0 ? 1L : 0L, Long::sum);
            });
    long now = System.nanoTime();
    if (now - shownAt > 200_000_000L) {
      shownAt = now;
      progress.show(runs, last - first + 1);
    }
  }

  private String text(double seconds) {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (name, count) ->
            text.append(
                String.format(
                    Locale.ROOT, "%,12d in %,8d runs  %s%n", count, runsWith.get(name), name)));
    return text.append(
            String.format(
                Locale.ROOT,
                "%,d runs, %s, in %.1f s: %.1f runs/s, %,.0f simulated requests/s, %.1f virtual"
                    + " seconds a second%n",
                runs,
                failure == null ? "no violation" : "and one that failed",
                seconds,
                runs / seconds,
                requests / seconds,
                virtualNanos / 1e9 / seconds))
        .toString();
  }

  private String json(double seconds) {
    StringJoiner counters = new StringJoiner(",\n    ", "{\n    ", "\n  }");
    counts.forEach((name, count) -> counters.add("\"" + name.replace("\"", "'") + "\": " + count));
    return String.format(
        Locale.ROOT,
        "{%n  \"first_seed\": %d,%n  \"last_seed\": %d,%n  \"runs\": %d,%n  \"seconds\": %.3f,%n"
            + "  \"requests\": %d,%n  \"virtual_seconds\": %.3f,%n  \"failed_seed\": %s,%n"
            + "  \"counters\": %s%n}%n",
        first,
        last,
        runs,
        seconds,
        requests,
        virtualNanos / 1e9,
        failure == null ? "null" : failure.seed,
        counters);
  }
}
