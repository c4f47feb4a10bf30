package twemlab.sim.run.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The memory of the process and of the proxy's mbufs, over time.
///
/// A run's second quarter is compared with its last: the first is the warm-up. What grows by more
/// than a third and a few MiB is not flat.
public final class MemorySamples {
  private static final int FEWEST = 80;
  private static final double GROWTH = 1.33;
  private static final long SLACK = 32L << 20;

  private final List<Long> resident = new ArrayList<>();
  private final List<Long> mapped = new ArrayList<>();

  void sample(SoakProxy proxy) {
    try {
      resident.add(SoakProxy.residentBytes());
    } catch (IOException e) {
      // Not a Linux: what is mapped is known all the same.
    }
    mapped.add(proxy.mappedBytes());
  }

  /// What grew, if anything did.
  Optional<String> problem() {
    if (mapped.size() < FEWEST) {
      return Optional.empty();
    }
    if (grows(resident)) {
      return Optional.of("the process grew: " + text(resident));
    }
    return grows(mapped) ? Optional.of("the mbufs grew: " + text(mapped)) : Optional.empty();
  }

  private static boolean grows(List<Long> samples) {
    return mean(samples, 3) > mean(samples, 1) * GROWTH + SLACK;
  }

  /// Over a quarter, from 0 to 3.
  private static double mean(List<Long> samples, int quarter) {
    int size = samples.size();
    return samples.subList(size * quarter / 4, Math.max(size * (quarter + 1) / 4, 1)).stream()
        .mapToLong(Long::longValue)
        .average()
        .orElse(0);
  }

  private static String text(List<Long> samples) {
    long most = samples.stream().mapToLong(Long::longValue).max().orElse(0);
    return "%.1f MiB in the second quarter, %.1f in the last, %.1f at most"
        .formatted(mean(samples, 1) / (1 << 20), mean(samples, 3) / (1 << 20), most / 1048576.0);
  }

  /// Resident memory, in words.
  public String resident() {
    return text(resident);
  }

  /// Mapped mbufs, in words.
  public String mapped() {
    return text(mapped);
  }
}
