package twemlab.benchmarks.event;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import twemlab.benchmarks.Effort;

/// One benchmark with one set of parameters, as the suite runs it.
///
/// @param section of the report
/// @param subject what is measured, as tables name it
/// @param setting the parameters beside the subject, as tables name them
/// @param type the benchmark's class
/// @param method of that class
/// @param parameters of JMH
/// @param units of a call, such as events
/// @param refusal why it cannot run here, if it cannot
/// @param calls counts system calls per unit; negative where it cannot
public record Item(
    Section section,
    String subject,
    Map<String, Integer> setting,
    Class<?> type,
    String method,
    Map<String, String> parameters,
    int units,
    Effort effort,
    Supplier<Optional<String>> refusal,
    Callable<Double> calls) {

  /// A part of the report.
  public enum Section {
    PEERS,
    /// What was measured a second time, later in the same run: how far the two are apart is noise.
    AGAIN,
    EVENTS,
    CHANNELS,
    TOTAL,
    CHURN,
    DOWNCALL,
    SIMULATED,
    LOOPBACK
  }

  /// For progress and for what was left out.
  public String name() {
    return type.getSimpleName() + "." + method + " " + String.join(" ", parameters.values());
  }

  /// What came out.
  ///
  /// @param nanos per unit
  /// @param error half of the 99.9 % confidence interval of `nanos`
  /// @param bytes allocated per unit
  /// @param calls to the system per unit; negative where they could not be counted
  public record Result(Item item, double nanos, double error, double bytes, double calls) {}
}
