package twemlab.event.kernel;

import java.lang.foreign.MemorySegment;

/// poll(2).
public interface PollCalls {
  /// Waits on `count` structures ([Platform#POLLFD_SIZE]) from the offset on: the number of those
  /// with a result, 0 after the timeout, or `-errno`. A timeout of -1 waits without limit.
  int poll(MemorySegment descriptors, long offset, int count, int timeoutMillis);
}
