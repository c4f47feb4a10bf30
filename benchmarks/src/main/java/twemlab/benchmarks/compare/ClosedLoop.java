package twemlab.benchmarks.compare;

import java.io.IOException;

/// Clients of one target, each of which sends its next batch when the last one is answered.
interface ClosedLoop {
  /// What was answered, and how fast.
  ///
  /// @param requests answered while the target's processor time was taken
  /// @param perSecond the rate, without the time that the generator needs to begin and to end
  record Answered(long requests, double perSecond) {}

  /// Runs for about so long.
  Answered drive(long nanos) throws IOException;
}
