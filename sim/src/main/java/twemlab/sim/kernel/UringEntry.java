package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/// A submission as the kernel has copied it: `struct io_uring_sqe`.
///
/// @param priority a set of flags for some operations (`ioprio`)
record UringEntry(
    int operation,
    int flags,
    int priority,
    int fd,
    long address,
    int length,
    int operationFlags,
    long userData,
    int group) {

  static UringEntry read(MemorySegment entries, long place) {
    return new UringEntry(
        entries.get(JAVA_BYTE, place) & 0xff,
        entries.get(JAVA_BYTE, place + 1) & 0xff,
        entries.get(JAVA_SHORT, place + 2) & 0xffff,
        entries.get(JAVA_INT, place + 4),
        entries.get(JAVA_LONG, place + 16),
        entries.get(JAVA_INT, place + 24),
        entries.get(JAVA_INT, place + 28),
        entries.get(JAVA_LONG, place + 32),
        entries.get(JAVA_SHORT, place + 40) & 0xffff);
  }
}
