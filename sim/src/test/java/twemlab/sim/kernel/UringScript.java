package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.event.kernel.UringCalls.*;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.UringCalls;

/// A ring for the scripts that run on both kernels. A completion is `name:result:flags`, with the
/// result as number, error or mask, and `+` for F_MORE.
final class UringScript implements AutoCloseable {
  static final int GROUP = 3;
  static final int BUFFER_BYTES = 64;
  private static final int BUFFER_ENTRIES = 16;
  private static final VarHandle INT = JAVA_INT.varHandle();
  private static final VarHandle SHORT = JAVA_SHORT.varHandle();

  private final Script script;
  private final UringCalls calls;
  private final MemorySegment params;
  private final MemorySegment waiting;
  private final MemorySegment bytes;
  private final MemorySegment bufferRing;
  private final MemorySegment ring;
  private final MemorySegment entries;
  private final int fd;
  private int prepared;
  private short offered;

  UringScript(Script script, int submissions, int completions) {
    this.script = script;
    this.calls = script.system.kernel().uring().orElseThrow();
    this.params = script.system.kernel().memory().map(4096);
    this.waiting = script.system.kernel().memory().map(4096);
    this.bytes = script.system.kernel().memory().map(1 << 20);
    this.bufferRing = script.system.kernel().memory().map(4096);
    params.set(
        JAVA_INT,
        PARAMS_FLAGS,
        SETUP_CQSIZE
            | SETUP_R_DISABLED
            | SETUP_SUBMIT_ALL
            | SETUP_SINGLE_ISSUER
            | SETUP_DEFER_TASKRUN);
    params.set(JAVA_INT, PARAMS_CQ_ENTRIES, completions);
    this.fd = calls.setup(submissions, params, 0);
    assertThat(fd).as("a ring").isGreaterThanOrEqualTo(0);
    int array = params.get(JAVA_INT, PARAMS_SQ_ARRAY);
    int cqes = params.get(JAVA_INT, PARAMS_CQ_CQES);
    long size = Math.max(array + submissions * 4L, cqes + (long) completions * CQE_SIZE);
    this.ring = calls.map(fd, size, OFFSET_SQ_RING);
    this.entries = calls.map(fd, (long) submissions * SQE_SIZE, OFFSET_SQES);
    for (int i = 0; i < submissions; i++) {
      ring.set(JAVA_INT, array + i * 4L, i);
    }
  }

  @Override
  public void close() {
    calls.unmap(ring);
    calls.unmap(entries);
    calls.close(fd);
    for (MemorySegment each : List.of(params, waiting, bytes, bufferRing)) {
      script.system.kernel().memory().unmap(each);
    }
  }

  /// Enters without any submission.
  String enterAlone() {
    return Script.text(calls.enter(fd, 0, 0, 0, waiting, 0));
  }

  String enable() {
    return Script.text(calls.register(fd, REGISTER_ENABLE_RINGS, null, 0, 0));
  }

  /// Registers a ring of buffers, and offers some.
  void buffers(int count) {
    waiting.fill((byte) 0);
    waiting.set(JAVA_LONG, 0, bufferRing.address());
    waiting.set(JAVA_INT, 8, BUFFER_ENTRIES);
    waiting.set(JAVA_INT, 12, GROUP);
    assertThat(Script.text(calls.register(fd, REGISTER_PBUF_RING, waiting, 0, 1))).isEqualTo("0");
    for (int i = 0; i < count; i++) {
      offer(i);
    }
  }

  void offer(int id) {
    long place = (long) (offered & (BUFFER_ENTRIES - 1)) * BUFFER_SIZE;
    bufferRing.set(JAVA_LONG, place, bytes.address() + (long) id * BUFFER_BYTES);
    bufferRing.set(JAVA_INT, place + 8, BUFFER_BYTES);
    bufferRing.set(JAVA_SHORT, place + 12, (short) id);
    SHORT.setRelease(bufferRing, (long) BUFFER_TAIL, ++offered);
  }

  void pollAdd(int target, int events, boolean multishot, char name) {
    prepare(OP_POLL_ADD, 0, 0, target, 0, multishot ? POLL_ADD_MULTI : 0, events, name);
  }

  void pollRemove(char target, char name) {
    prepare(OP_POLL_REMOVE, 0, 0, -1, target, 0, 0, name);
  }

  void cancel(char target, int flags, char name) {
    prepare(OP_ASYNC_CANCEL, 0, 0, -1, target, 0, flags, name);
  }

  void accept(int target, char name) {
    prepare(OP_ACCEPT, 0, ACCEPT_MULTISHOT, target, 0, 0, SOCK_NONBLOCK, name);
  }

  void receive(int target, char name) {
    prepare(OP_RECV, SQE_BUFFER_SELECT, RECV_MULTISHOT, target, 0, 0, 0, name);
  }

  void send(int target, int length, boolean tried, char name) {
    int flags = MSG_NOSIGNAL | MSG_WAITALL | (tried ? MSG_DONTWAIT : 0);
    int silent = tried ? SQE_CQE_SKIP_SUCCESS : 0;
    prepare(OP_SEND, silent, 0, target, bytes.address(), length, flags, name);
  }

  /// The bytes that sends send.
  MemorySegment bytes() {
    return bytes;
  }

  private void prepare(
      int operation,
      int flags,
      int priority,
      int target,
      long address,
      int length,
      int operationFlags,
      char name) {
    int tail = tail();
    long place = (long) (tail & mask()) * SQE_SIZE;
    entries.asSlice(place, SQE_SIZE).fill((byte) 0);
    entries.set(
        JAVA_LONG,
        place,
        Integer.toUnsignedLong(operation | flags << 8 | priority << 16) | (long) target << 32);
    entries.set(JAVA_LONG, place + 16, address);
    entries.set(JAVA_INT, place + 24, length);
    entries.set(JAVA_INT, place + 28, operationFlags);
    entries.set(JAVA_LONG, place + 32, name);
    entries.set(JAVA_SHORT, place + 40, (short) (operation == OP_RECV ? GROUP : 0));
    INT.setRelease(ring, (long) offset(PARAMS_SQ_TAIL), tail + 1);
    prepared++;
  }

  private int tail() {
    return (int) INT.getAcquire(ring, (long) offset(PARAMS_SQ_TAIL));
  }

  private int mask() {
    return ring.get(JAVA_INT, offset(PARAMS_SQ_MASK));
  }

  private int offset(int field) {
    return params.get(JAVA_INT, field);
  }

  /// Submits what is prepared and does not wait: what completed at once.
  List<String> submit() {
    submitBlindly();
    return completions();
  }

  /// Submits what is prepared, and looks at nothing.
  void submitBlindly() {
    int count = prepared;
    prepared = 0;
    assertThat(calls.enter(fd, count, 0, 0, waiting, 0)).isEqualTo(count);
  }

  /// Submits and waits for completions for a short time: what there is then.
  List<String> await(int minimum) {
    waiting.fill((byte) 0);
    waiting.set(JAVA_LONG, 16, waiting.address() + WAIT_ARGUMENT_SIZE);
    waiting.set(JAVA_LONG, WAIT_ARGUMENT_SIZE + 8, 25_000_000);
    int result;
    do {
      int count = prepared;
      prepared = 0;
      result = calls.enter(fd, count, minimum, ENTER_GETEVENTS | ENTER_EXT_ARG, waiting, 0);
      // Interrupted, it says so only if it submitted nothing.
    } while (result == Errno.EINTR.result() || (result > 0 && ready() < minimum));
    return completions();
  }

  private int ready() {
    int tail = (int) INT.getAcquire(ring, (long) offset(PARAMS_CQ_TAIL));
    return tail - ring.get(JAVA_INT, offset(PARAMS_CQ_HEAD));
  }

  boolean overflowed() {
    return ((int) INT.getAcquire(ring, (long) offset(PARAMS_SQ_FLAGS)) & SQ_CQ_OVERFLOW) != 0;
  }

  private List<String> completions() {
    List<String> found = new ArrayList<>();
    int head = ring.get(JAVA_INT, offset(PARAMS_CQ_HEAD));
    int tail = (int) INT.getAcquire(ring, (long) offset(PARAMS_CQ_TAIL));
    int mask = ring.get(JAVA_INT, offset(PARAMS_CQ_MASK));
    for (; head != tail; head++) {
      long place = offset(PARAMS_CQ_CQES) + (long) (head & mask) * CQE_SIZE;
      int flags = ring.get(JAVA_INT, place + 12);
      found.add(
          (char) ring.get(JAVA_LONG, place)
              + ":"
              + Script.text(ring.get(JAVA_INT, place + 8))
              + ((flags & CQE_BUFFER) != 0 ? ":buffer" + (flags >>> CQE_BUFFER_SHIFT) : "")
              + ((flags & CQE_MORE) != 0 ? "+" : ""));
    }
    INT.setRelease(ring, (long) offset(PARAMS_CQ_HEAD), head);
    return found;
  }
}
