package twemlab.benchmarks.compare;

import java.util.Locale;

/// What a JVM spent on memory under a load that did not change.
///
/// @param collections pauses of the garbage collector
/// @param collectorMillis their length
/// @param bytesPerRequest allocated by the loop's thread; negative if unknown
record SteadyState(long collections, double collectorMillis, double bytesPerRequest) {
  static SteadyState of(JvmCosts spent, long requests) {
    double bytes = spent.allocatedBytes() < 0 ? -1 : (double) spent.allocatedBytes() / requests;
    return new SteadyState(spent.collections(), spent.collectorMillis(), bytes);
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"collections\": %d, \"collectorMillis\": %.3f, \"bytesPerRequest\": %.3f}",
        collections,
        collectorMillis,
        bytesPerRequest);
  }
}
