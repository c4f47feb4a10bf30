package twemlab.sim.run.demo;

import org.HdrHistogram.Histogram;

/// What the clients of one protocol saw. Written by the clients' loop; read once it has stopped
/// sending.
final class Tally {
  private static final long LONGEST_NANOS = 3_600_000_000_000L;

  /// From the sending of a request to its whole reply, in nanoseconds.
  final Histogram latency = new Histogram(LONGEST_NANOS, 3);

  long requests;
  long replies;
  long wrong;

  /// The first thing that went wrong, or null.
  String firstWrong;

  void reply(long nanos) {
    replies++;
    latency.recordValue(Math.clamp(nanos, 1, LONGEST_NANOS));
  }

  void wrong(String what) {
    wrong++;
    if (firstWrong == null) {
      firstWrong = what;
    }
  }
}
