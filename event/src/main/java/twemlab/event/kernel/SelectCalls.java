package twemlab.event.kernel;

import java.lang.foreign.MemorySegment;

/// select(2).
///
/// A set is [#SET_SIZE] bytes: descriptor `d` is bit `d % 8` of byte `d / 8`, which is what
/// `fd_set` comes to on every little-endian machine, whatever its word.
public interface SelectCalls {
  /// A descriptor of this number or above does not fit into a set.
  int FD_SETSIZE = 1024;

  int SET_SIZE = FD_SETSIZE / 8;

  /// Stands for a set that is not passed.
  long NO_SET = -1;

  /// Waits on the descriptors below `count` that are in the sets, which begin at the offsets (or
  /// [#NO_SET]) and hold what is ready afterwards; after an error they are as they were.
  ///
  /// @param timeoutMillis -1 waits without limit
  /// @return how many bits are set, 0 after the timeout, or `-errno`
  int select(
      int count,
      MemorySegment sets,
      long readOffset,
      long writeOffset,
      long exceptOffset,
      int timeoutMillis);
}
