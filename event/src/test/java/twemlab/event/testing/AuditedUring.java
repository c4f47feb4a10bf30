package twemlab.event.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.UringCalls;
import twemlab.event.uring.UringSubmissions;

/// What io_uring accepts is entered in the books when its completion is posted.
final class AuditedUring implements UringCalls {
  private static final int ACCEPT_DESCRIPTORS = UringSubmissions.ACCEPT;
  private final UringCalls calls;
  private final AuditedKernel kernel;
  private final Faults faults;
  private int cqTail;
  private int cqes;
  private int cqMask;
  private int seen;
  private MemorySegment completions;

  AuditedUring(UringCalls calls, AuditedKernel kernel, Faults faults) {
    this.calls = calls;
    this.kernel = kernel;
    this.faults = faults;
  }

  @Override
  public int setup(int entries, MemorySegment params, long offset) {
    int ring = kernel.opened("io_uring_setup", calls.setup(entries, params, offset));
    if (ring >= 0) {
      cqTail = params.get(JAVA_INT, offset + PARAMS_CQ_TAIL);
      cqes = params.get(JAVA_INT, offset + PARAMS_CQ_CQES);
      cqMask = params.get(JAVA_INT, offset + PARAMS_CQ_ENTRIES) - 1;
    }
    return ring;
  }

  @Override
  public int enter(
      int ring, int submit, int minimum, int flags, MemorySegment argument, long offset) {
    boolean waits = (flags & ENTER_GETEVENTS) != 0;
    if (!waits) {
      Integer refused = faults.scripted("enter");
      if (refused != null) {
        return refused;
      }
      return audited(calls.enter(ring, submit, minimum, flags, argument, offset));
    }
    boolean extended = (flags & ENTER_EXT_ARG) != 0;
    boolean limited = extended && argument.get(JAVA_LONG, offset + 16) != 0;
    long limit = offset + WAIT_ARGUMENT_SIZE;
    int asked =
        !extended
            ? 0
            : !limited
                ? -1
                : (int)
                    (argument.get(JAVA_LONG, limit) * 1_000
                        + argument.get(JAVA_LONG, limit + 8) / 1_000_000);
    int millis = kernel.timeout(asked);
    Integer fault = faults.answer("wait");
    if (fault != null) {
      return kernel.waited(fault);
    }
    int mode = millis == asked ? flags : ENTER_GETEVENTS;
    int least = millis == asked ? minimum : 0;
    return kernel.waited(audited(calls.enter(ring, submit, least, mode, argument, offset)));
  }

  private int audited(int result) {
    for (int tail = completions.get(JAVA_INT, cqTail); seen != tail; seen++) {
      long place = cqes + (long) (seen & cqMask) * CQE_SIZE;
      int operation = completions.get(JAVA_INT, place) >>> 24;
      int completed = completions.get(JAVA_INT, place + 8);
      if (operation == ACCEPT_DESCRIPTORS) {
        kernel.opened("accept", completed);
      }
    }
    return result;
  }

  @Override
  public int register(int ring, int operation, MemorySegment argument, long offset, int count) {
    return calls.register(ring, operation, argument, offset, count);
  }

  @Override
  public MemorySegment map(int ring, long bytes, long area) {
    MemorySegment segment = calls.map(ring, bytes, area);
    kernel.mapped(segment);
    if (area == OFFSET_SQ_RING) {
      completions = segment;
    }
    return segment;
  }

  @Override
  public void unmap(MemorySegment segment) {
    kernel.unmapping(segment);
    calls.unmap(segment);
  }

  @Override
  public int close(int ring) {
    kernel.closing(ring);
    return calls.close(ring);
  }
}
