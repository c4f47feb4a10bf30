package twemlab.event.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static twemlab.event.kernel.Platform.POLLIN;
import static twemlab.event.kernel.UringCalls.ACCEPT_MULTISHOT;
import static twemlab.event.kernel.UringCalls.CANCEL_ALL;
import static twemlab.event.kernel.UringCalls.CANCEL_ANY;
import static twemlab.event.kernel.UringCalls.CQE_BUFFER;
import static twemlab.event.kernel.UringCalls.CQE_BUFFER_SHIFT;
import static twemlab.event.kernel.UringCalls.MSG_DONTWAIT;
import static twemlab.event.kernel.UringCalls.MSG_NOSIGNAL;
import static twemlab.event.kernel.UringCalls.MSG_WAITALL;
import static twemlab.event.kernel.UringCalls.OP_ACCEPT;
import static twemlab.event.kernel.UringCalls.OP_ASYNC_CANCEL;
import static twemlab.event.kernel.UringCalls.OP_POLL_ADD;
import static twemlab.event.kernel.UringCalls.OP_RECV;
import static twemlab.event.kernel.UringCalls.OP_SEND;
import static twemlab.event.kernel.UringCalls.OP_SENDMSG;
import static twemlab.event.kernel.UringCalls.POLL_ADD_MULTI;
import static twemlab.event.kernel.UringCalls.RECV_MULTISHOT;
import static twemlab.event.kernel.UringCalls.SOCK_CLOEXEC;
import static twemlab.event.kernel.UringCalls.SOCK_NONBLOCK;
import static twemlab.event.kernel.UringCalls.SQE_BUFFER_SELECT;
import static twemlab.event.kernel.UringCalls.SQE_CQE_SKIP_SUCCESS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.stream.ChannelList;
import twemlab.event.stream.SendQueue;
import twemlab.event.stream.TurnWork;

/// What a [UringTransport] has for the kernel: requests, prepared until the next io_uring_enter(2)
/// takes them, and what must not change or be closed before it has.
///
/// A request names what it is for in `user_data`: `generation << 32 | operation << 24 | slot`.
public final class UringSubmissions {
  static final int RECEIVE = 1;
  static final int TRY_SEND = 2;
  static final int SEND = 3;
  public static final int ACCEPT = 4;
  static final int CONNECT = 5;
  static final int HANG_UP = 6;
  static final int WAKE = 7;

  /// Beside the operation that is cancelled: a cancellation has a completion only when it failed.
  static final int CANCEL = 0x80;

  private static final int OPERATION_SHIFT = 24;
  private static final long OPERATION_MASK = 0xFFL << OPERATION_SHIFT;

  /// iovecs in one sendmsg.
  static final int IOVEC_LIMIT = 128;

  /// A `struct msghdr`, then its iovecs.
  private static final int MESSAGE_HEADER_BYTES = 64;

  private static final int MESSAGE_BYTES = MESSAGE_HEADER_BYTES + IOVEC_LIMIT * Platform.IOVEC_SIZE;

  private static final long SCRATCH_BYTES = 256 << 10;

  private final Kernel kernel;
  private final SocketCalls sockets;
  private final UringRing ring;
  private final TurnWork work;

  /// A socket address, then the messages of sends that are not submitted yet.
  private final MemorySegment scratch;

  private long scratchUsed = Platform.SOCKADDR_MAX;

  /// Whose send is tried silently: prepared, and then submitted.
  private final ChannelList<UringSender> preparedTries = new ChannelList<>();

  private final ChannelList<UringSender> submittedTries = new ChannelList<>();
  private int sendsSinceSubmit;

  /// Descriptors that submissions still name.
  private int[] closing = new int[64];

  private int closingCount;

  UringSubmissions(Kernel kernel, UringRing ring, TurnWork work) {
    this.kernel = kernel;
    this.sockets = kernel.sockets();
    this.ring = ring;
    this.work = work;
    this.scratch = kernel.memory().map(SCRATCH_BYTES);
  }

  // Names of requests.

  private static long userData(long handle, int operation) {
    return handle | (long) operation << OPERATION_SHIFT;
  }

  /// The handle in a completion's `user_data`.
  static long handleOf(long userData) {
    return userData & ~OPERATION_MASK;
  }

  /// The operation in it, with [#CANCEL] if it was to be cancelled.
  static int operationOf(long userData) {
    return (int) ((userData & OPERATION_MASK) >>> OPERATION_SHIFT);
  }

  /// The number of the buffer that a completion brings, or -1.
  static int bufferId(int flags) {
    return (flags & CQE_BUFFER) != 0 ? flags >>> CQE_BUFFER_SHIFT : -1;
  }

  // Requests.

  /// A receive into buffers of a group.
  ///
  /// @param once at most so many bytes, once; 0 for multishot
  void receive(int fd, long handle, int group, int once) {
    int word = OP_RECV | SQE_BUFFER_SELECT << 8 | (once > 0 ? 0 : RECV_MULTISHOT << 16);
    ring.prepare(word, fd, 0, 0, once, 0, userData(handle, RECEIVE), group);
  }

  /// A poll, once.
  void poll(int fd, int events, long handle, int operation) {
    ring.prepare(OP_POLL_ADD, fd, 0, 0, 0, events, userData(handle, operation), 0);
  }

  /// A multishot poll for the waker's byte.
  void watchWaker(int fd, long handle) {
    ring.prepare(OP_POLL_ADD, fd, 0, 0, POLL_ADD_MULTI, POLLIN, userData(handle, WAKE), 0);
  }

  /// A multishot accept.
  void accept(int fd, long handle) {
    int word = OP_ACCEPT | ACCEPT_MULTISHOT << 16;
    int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
    ring.prepare(word, fd, 0, 0, 0, flags, userData(handle, ACCEPT), 0);
  }

  /// Takes a request back.
  void cancel(long handle, int operation) {
    ring.cancel(userData(handle, operation), userData(handle, operation | CANCEL));
  }

  /// Takes everything back.
  void cancelAll() {
    int word = OP_ASYNC_CANCEL | SQE_CQE_SKIP_SUCCESS << 8;
    ring.prepare(word, -1, 0, 0, 0, CANCEL_ALL | CANCEL_ANY, userData(0, CANCEL), 0);
  }

  /// A send of a queue's first ranges.
  ///
  /// @param bytes how many of them
  /// @param tried whether it must end within its submission
  /// @param silent whether nothing is to be said if all was sent
  /// @param whole whether a send that waits for room completes only when all was sent
  void send(
      UringSender sender,
      int fd,
      long handle,
      SendQueue queue,
      int bytes,
      boolean tried,
      boolean silent,
      boolean whole) {
    int word = silent ? SQE_CQE_SKIP_SUCCESS << 8 : 0;
    int flags = MSG_NOSIGNAL | (whole ? MSG_WAITALL : 0) | (tried ? MSG_DONTWAIT : 0);
    long userData = userData(handle, tried ? TRY_SEND : SEND);
    if (bytes <= queue.firstTo() - queue.firstFrom()) {
      long address = queue.firstMbuf().address() + queue.firstFrom();
      ring.prepare(OP_SEND | word, fd, 0, address, bytes, flags, userData, 0);
    } else {
      long message = message(queue, bytes);
      ring.prepare(OP_SENDMSG | word, fd, 0, scratch.address() + message, 1, flags, userData, 0);
    }
    if (silent) {
      preparedTries.add(sender);
    }
    if (++sendsSinceSubmit >= TurnWork.FLUSH_INTERVAL) {
      submit();
    }
  }

  /// How many of a queue's first bytes one send can take. While the kernel takes no submissions, no
  /// message may be overwritten: then it is the first range.
  int sendable(SendQueue queue, int most) {
    int offered = queue.offered(IOVEC_LIMIT, most);
    int first = queue.firstTo() - queue.firstFrom();
    if (offered > first && scratchUsed > SCRATCH_BYTES - MESSAGE_BYTES) {
      submit();
    }
    return scratchUsed > SCRATCH_BYTES - MESSAGE_BYTES ? Math.min(offered, first) : offered;
  }

  /// Writes a `struct msghdr`; the kernel has copied it when it was submitted (SUBMIT_STABLE).
  private long message(SendQueue queue, int bytes) {
    long message = scratchUsed;
    long iovecs = message + MESSAGE_HEADER_BYTES;
    int count = queue.fill(scratch, iovecs, IOVEC_LIMIT, bytes);
    // name:8 namelen:4 pad:4 iov:8 iovlen:8 control:8 controllen:8 flags:4
    scratch.set(JAVA_LONG, message, 0);
    scratch.set(JAVA_LONG, message + 8, 0);
    scratch.set(JAVA_LONG, message + 16, scratch.address() + iovecs);
    scratch.set(JAVA_LONG, message + 24, count);
    scratch.set(JAVA_LONG, message + 32, 0);
    scratch.set(JAVA_LONG, message + 40, 0);
    scratch.set(JAVA_INT, message + 48, 0);
    scratchUsed = iovecs + (long) count * Platform.IOVEC_SIZE;
    return message;
  }

  // Submission.

  private void submit() {
    ring.submit();
    waited();
  }

  /// A wait has returned: unless it left some behind, the kernel has taken everything.
  void waited() {
    if (ring.prepared() == 0) {
      submitted();
    }
  }

  /// The kernel has taken everything prepared so far.
  void submitted() {
    scratchUsed = Platform.SOCKADDR_MAX;
    sendsSinceSubmit = 0;
    for (UringSender each = preparedTries.poll(); each != null; each = preparedTries.poll()) {
      submittedTries.add(each);
    }
  }

  /// Whether a sender waits for the end of its try.
  boolean hasTries() {
    return !submittedTries.isEmpty();
  }

  /// Every completion was read: a try without one has sent everything.
  // tag::settle-tries[]
  void settleTries() {
    for (UringSender each = submittedTries.poll(); each != null; each = submittedTries.poll()) {
      each.settle();
    }
  }

  // end::settle-tries[]

  // Descriptors and memory.

  /// Closes a descriptor as soon as no submission names it: its number may be another's at once.
  void closeDescriptor(int fd) {
    if (closingCount == closing.length) {
      closing = Arrays.copyOf(closing, closingCount * 2);
    }
    closing[closingCount++] = fd;
  }

  /// Submits, and closes what waits for it.
  void closeDescriptors() {
    if (closingCount > 0) {
      submit();
      if (ring.prepared() == 0) {
        closeUnsubmitted();
        work.descriptorClosed();
      }
    }
  }

  /// Whether descriptors wait to be closed: the kernel takes no submissions just now.
  boolean isClosing() {
    return closingCount > 0;
  }

  /// The same when the ring is not this thread's to enter.
  void closeUnsubmitted() {
    int count = closingCount;
    closingCount = 0;
    for (int i = 0; i < count; i++) {
      sockets.close(closing[i]);
    }
  }

  /// Room for a socket address, until the next call.
  MemorySegment addressPlace() {
    return scratch;
  }

  /// Gives the memory back; the ring is closed.
  void unmap() {
    kernel.memory().unmap(scratch);
  }
}
