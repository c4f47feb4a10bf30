package twemlab.event.kernel;

/// Counts the system calls that pass the seam: a figure that, unlike a time, is the same on every
/// machine.
///
/// Plain fields written by the loop's thread; a reader on another thread sees recent values, not
/// exact ones.
public final class CallCounts {
  /// The kinds that are counted separately.
  public enum Call {
    WAIT,
    CONTROL,
    ACCEPT,
    CONNECT,
    READ,
    WRITE,
    CLOSE,
    OTHER
  }

  private final long[] counts = new long[Call.values().length];

  /// Counts one call.
  public void count(Call call) {
    counts[call.ordinal()]++;
  }

  /// Calls of one kind so far.
  public long of(Call call) {
    return counts[call.ordinal()];
  }

  /// All calls so far.
  public long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
