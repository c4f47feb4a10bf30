package twemlab.event.uring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static twemlab.event.kernel.UringCalls.SQE_SIZE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Submissions for which a [UringRing] has no place, in order: the kernel would take none just now,
/// because it has no memory (EAGAIN, ENOMEM), or completions of ours must be looked at first
/// (EBUSY).
final class UringBacklog {
  private static final int WORDS = SQE_SIZE / Long.BYTES;

  private long[] words = new long[0];
  private int head;
  private int count;

  /// Submissions that wait.
  int count() {
    return count;
  }

  /// Takes a submission.
  void add(MemorySegment entry, long offset) {
    int end = (head + count) * WORDS;
    if (end + WORDS > words.length) {
      words = Arrays.copyOfRange(words, head * WORDS, head * WORDS + 2 * words.length + WORDS);
      head = 0;
      end = count * WORDS;
    }
    MemorySegment.copy(entry, JAVA_LONG, offset, words, end, WORDS);
    count++;
  }

  /// Moves the oldest into a place of the ring.
  void moveFirst(MemorySegment entries, long offset) {
    MemorySegment.copy(words, head * WORDS, entries, JAVA_LONG, offset, WORDS);
    head++;
    if (--count == 0) {
      head = 0;
      words = new long[0];
    }
  }
}
