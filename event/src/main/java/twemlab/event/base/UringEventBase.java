package twemlab.event.base;

import static twemlab.event.kernel.Platform.POLLIN;
import static twemlab.event.kernel.Platform.POLLOUT;
import static twemlab.event.kernel.UringCalls.CQE_MORE;
import static twemlab.event.kernel.UringCalls.OP_POLL_ADD;
import static twemlab.event.kernel.UringCalls.OP_POLL_REMOVE;
import static twemlab.event.kernel.UringCalls.POLL_ADD_MULTI;
import static twemlab.event.kernel.UringCalls.SQE_CQE_SKIP_SUCCESS;

import java.util.Arrays;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.UringCalls;
import twemlab.event.uring.UringRing;

/// Readiness by io_uring's multishot poll: edge-triggered after a first, level-triggered report
/// (rule U3). It is here to be compared: registrations and deletions cost no system call, but each
/// read and write still does; [twemlab.event.uring.UringTransport] has the kernel do those, too.
///
/// A request holds its file open (rule U6), so that a closed descriptor's connection ends when the
/// next wait has carried the removal out.
public final class UringEventBase implements EdgeTriggeredBase {
  private static final int SUBMISSIONS = 1024;
  private static final int COMPLETIONS = 8 * SUBMISSIONS;

  private static final long NOBODY = -1;

  /// Marks a removal; slots are below it.
  private static final long REMOVAL = 1L << 31;

  private final Callback callback;
  private final UringRing ring;
  private final int endOfStream;
  private final int mask;

  /// By slot: the handle and the descriptor of what is registered.
  private long[] handles = new long[64];

  private int[] descriptors = new int[64];

  /// Completions of the last wait that are not dispatched yet.
  private int ready;

  private boolean closed;

  /// Opens a ring.
  ///
  /// @throws UnsupportedOperationException if the system has no usable io_uring
  public UringEventBase(
      UringCalls calls, MemoryCalls memory, Platform platform, Callback callback) {
    this.callback = callback;
    this.endOfStream = platform.pollRdHup();
    this.mask = POLLIN | POLLOUT | endOfStream;
    this.ring = new UringRing(calls, memory, SUBMISSIONS, COMPLETIONS);
    Arrays.fill(handles, NOBODY);
  }

  @Override
  public String name() {
    return "io_uring-poll";
  }

  @Override
  public int addConnection(int fd, long handle) {
    int slot = (int) handle;
    if (slot >= handles.length) {
      int size = handles.length;
      handles = Arrays.copyOf(handles, Math.max(slot + 1, 2 * size));
      Arrays.fill(handles, size, handles.length, NOBODY);
      descriptors = Arrays.copyOf(descriptors, handles.length);
    }
    if (handles[slot] != NOBODY) {
      return Errno.EEXIST.result();
    }
    handles[slot] = handle;
    descriptors[slot] = fd;
    poll(slot);
    return 0;
  }

  private void poll(int slot) {
    ring.prepare(OP_POLL_ADD, descriptors[slot], 0, 0, POLL_ADD_MULTI, mask, handles[slot], 0);
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    if (handles[(int) handle] != handle) {
      return Errno.ENOENT.result();
    }
    handles[(int) handle] = NOBODY;
    remove(handle);
    return 0;
  }

  private void remove(long handle) {
    int word = OP_POLL_REMOVE | SQE_CQE_SKIP_SUCCESS << 8;
    ring.prepare(word, -1, 0, handle, 0, 0, handle | REMOVAL, 0);
  }

  @Override
  public int await(int timeoutMillis) {
    int result = ring.await(timeoutMillis);
    ready = ring.ready();
    return ready > 0 || result >= 0 || UringRing.passing(result) ? ready : result;
  }

  @Override
  public void dispatch() {
    for (; ready > 0; ready--) {
      long handle = ring.userData();
      int result = ring.result();
      boolean more = (ring.flags() & CQE_MORE) != 0;
      ring.consume();
      if ((handle & REMOVAL) != 0) {
        if (result == Errno.EALREADY.result()) {
          // Caught while it reported (rule U4): it may go on afterwards.
          remove(handle & ~REMOVAL);
        }
        continue;
      }
      if (handles[(int) handle] != handle) {
        // A report that was on its way when it was removed.
        continue;
      }
      if (result < 0) {
        callback.onReady(handle, READ | ERROR | HANGUP);
        continue;
      }
      if (!more) {
        // Rule U2.
        poll((int) handle);
      }
      callback.onReady(handle, PollMask.events(result, endOfStream));
    }
  }

  @Override
  public int batchLimit() {
    return COMPLETIONS;
  }

  @Override
  public void close() {
    // A handler may close in the middle of a batch.
    ready = 0;
    if (!closed) {
      closed = true;
      ring.close();
    }
  }
}
