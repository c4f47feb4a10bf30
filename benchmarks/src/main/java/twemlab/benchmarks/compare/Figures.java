package twemlab.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;

/// What was measured of one target in one case.
///
/// @param cpuMicros processor time of the proxy for a request, of each round; NaN for a lost one
/// @param rates requests per second, of each round; NaN for a lost one
/// @param systemCalls for a request; negative where they could not be counted
/// @param latencyMicros the 50th, 99th and 99.9th percentile under the open loop, of each round
/// @param steady null for what is not a proxy of ours
/// @param residentBytes after the load
record Figures(
    List<Double> cpuMicros,
    List<Double> rates,
    double systemCalls,
    List<List<Double>> latencyMicros,
    SteadyState steady,
    long residentBytes) {

  /// The median of the rounds that were not lost, NaN if all were.
  static double median(List<Double> values) {
    double[] sorted =
        values.stream()
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// The median over the rounds of the percentile at an index of [#latencyMicros].
  double latency(int percentile) {
    return median(latencyMicros.stream().map(round -> round.get(percentile)).toList());
  }

  /// The ratios to another target, round by round: what disturbed a round disturbed both. Rounds
  /// that either of them lost are left out.
  static List<Double> ratios(List<Double> ours, List<Double> theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      double ratio = ours.get(i) / theirs.get(i);
      if (Double.isFinite(ratio)) {
        ratios.add(ratio);
      }
    }
    return ratios;
  }
}
