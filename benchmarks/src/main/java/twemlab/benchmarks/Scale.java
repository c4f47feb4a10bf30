package twemlab.benchmarks;

import java.util.List;

/// An axis from its low to its high end.
///
/// @param logarithmic whether equal steps are equal factors
/// @param ticks the values that are named
/// @param unit what is put behind the name of a tick
record Scale(double low, double high, boolean logarithmic, List<Double> ticks, String unit) {
  /// Where a value lies, 0 at the low end and 1 at the high one.
  double place(double value) {
    double inside = Math.clamp(value, low, high);
    return logarithmic
        ? Math.log(inside / low) / Math.log(high / low)
        : (inside - low) / (high - low);
  }
}
