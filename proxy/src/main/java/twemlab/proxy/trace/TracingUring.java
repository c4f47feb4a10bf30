package twemlab.proxy.trace;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import twemlab.event.kernel.UringCalls;

/// io_uring, reported to a listener: what each call submitted, and the completions that it left.
/// Both are read from the rings that the program shares with the kernel.
///
/// It follows one ring. Several of one process would need a state for each.
final class TracingUring implements UringCalls {
  /// Offsets in a submission, see [UringCalls].
  private static final int FD = 4;

  private static final int ADDRESS = 16;
  private static final int LENGTH = 24;
  private static final int OPERATION_FLAGS = 28;
  private static final int USER_DATA = 32;
  private static final int BUFFER_GROUP = 40;

  /// Offsets of the array of iovecs, and of its length, in a `struct msghdr`.
  private static final int MESSAGE_VECTORS = 16;

  private static final int MESSAGE_COUNT = 24;

  /// A submission whose completions are still to come.
  private record Request(int operation, int fd, long address, int group) {}

  /// A ring of provided buffers: how far it was read, and where each buffer is.
  private static final class Buffers {
    private final long address;
    private final int entries;
    private int seen;
    private final Map<Integer, Long> places = new HashMap<>();

    private Buffers(long address, int entries) {
      this.address = address;
      this.entries = entries;
    }
  }

  private final UringCalls inner;
  private final TracingMemory memory;
  private final Call.Listener listener;
  private final Map<Long, Request> requests = new HashMap<>();
  private final Map<Integer, Buffers> buffers = new HashMap<>();
  private MemorySegment ring;
  private MemorySegment entries;
  private int submissionMask;
  private int submissionArray;
  private int submitted;
  private int completionTail;
  private int completionMask;
  private int completionArray;
  private int completed;

  TracingUring(UringCalls inner, TracingMemory memory, Call.Listener listener) {
    this.inner = inner;
    this.memory = memory;
    this.listener = listener;
  }

  @Override
  public int setup(int count, MemorySegment params, long offset) {
    int result = inner.setup(count, params, offset);
    if (result >= 0) {
      submissionMask = params.get(JAVA_INT_UNALIGNED, offset + PARAMS_SQ_ENTRIES) - 1;
      submissionArray = params.get(JAVA_INT_UNALIGNED, offset + PARAMS_SQ_ARRAY);
      completionTail = params.get(JAVA_INT_UNALIGNED, offset + PARAMS_CQ_TAIL);
      completionMask = params.get(JAVA_INT_UNALIGNED, offset + PARAMS_CQ_ENTRIES) - 1;
      completionArray = params.get(JAVA_INT_UNALIGNED, offset + PARAMS_CQ_CQES);
      submitted = 0;
      completed = 0;
      requests.clear();
      buffers.clear();
    }
    listener.called(new Call("URING_SETUP", -1, result, count));
    return result;
  }

  @Override
  public int enter(
      int fd, int submit, int minimum, int flags, MemorySegment argument, long offset) {
    List<Call.Note> asks = new ArrayList<>();
    if (ring != null && entries != null) {
      buffers.values().forEach(this::readBuffers);
      for (int i = 0; i < submit; i++) {
        asks.add(submission(submitted + i));
      }
    }
    int result = inner.enter(fd, submit, minimum, flags, argument, offset);
    submitted += Math.max(result, 0);
    int taken = Math.clamp(result, 0, asks.size());
    listener.called(
        new Call("URING_ENTER", fd, result, submit, asks.subList(0, taken), completions()));
    return result;
  }

  private Call.Note submission(int number) {
    long place = submissionArray + (long) (number & submissionMask) * Integer.BYTES;
    long at = (long) ring.get(JAVA_INT_UNALIGNED, place) * SQE_SIZE;
    int operation = entries.get(JAVA_BYTE, at);
    int fd = entries.get(JAVA_INT_UNALIGNED, at + FD);
    long address = entries.get(JAVA_LONG_UNALIGNED, at + ADDRESS);
    long user = entries.get(JAVA_LONG_UNALIGNED, at + USER_DATA);
    int group = entries.get(JAVA_SHORT_UNALIGNED, at + BUFFER_GROUP) & 0xffff;
    String text = EventNames.uring(operation);
    if (operation == OP_POLL_ADD) {
      text += " " + EventNames.mask(entries.get(JAVA_INT_UNALIGNED, at + OPERATION_FLAGS));
    } else if (operation == OP_SEND) {
      text += " " + entries.get(JAVA_INT_UNALIGNED, at + LENGTH);
    }
    if (operation != OP_ASYNC_CANCEL && operation != OP_POLL_REMOVE) {
      requests.put(user, new Request(operation, fd, address, group));
    }
    return new Call.Note(fd, text);
  }

  /// What the kernel has completed since the call before.
  private List<Call.Note> completions() {
    List<Call.Note> found = new ArrayList<>();
    int tail = ring == null ? completed : ring.get(JAVA_INT_UNALIGNED, completionTail);
    for (; completed != tail; completed++) {
      long at = completionArray + (long) (completed & completionMask) * CQE_SIZE;
      Request request = requests.get(ring.get(JAVA_LONG_UNALIGNED, at));
      if (request != null) {
        int result = ring.get(JAVA_INT_UNALIGNED, at + 8);
        found.add(completion(request, result, ring.get(JAVA_INT_UNALIGNED, at + 12)));
      }
    }
    return found;
  }

  private Call.Note completion(Request request, int result, int flags) {
    String name = EventNames.uring(request.operation);
    String text =
        request.operation == OP_POLL_ADD && result >= 0
            ? name + " " + EventNames.mask(result)
            : name + " = " + result;
    return new Call.Note(request.fd, text, result, data(request, result, flags));
  }

  private byte[] data(Request request, int result, int flags) {
    if (result <= 0) {
      return null;
    }
    return switch (request.operation) {
      case OP_RECV -> received(request.group, flags, result);
      case OP_SEND -> memory.copy(request.address, result);
      case OP_SENDMSG -> message(request.address, result);
      default -> null;
    };
  }

  private byte[] received(int group, int flags, int length) {
    Buffers ring = buffers.get(group);
    Long place = ring == null ? null : ring.places.get(flags >>> CQE_BUFFER_SHIFT);
    return (flags & CQE_BUFFER) == 0 || place == null ? null : memory.copy(place, length);
  }

  private byte[] message(long address, int length) {
    MemorySegment header = memory.at(address);
    if (header == null) {
      return null;
    }
    long at = address - header.address();
    long vectors = header.get(JAVA_LONG_UNALIGNED, at + MESSAGE_VECTORS);
    int count = (int) header.get(JAVA_LONG_UNALIGNED, at + MESSAGE_COUNT);
    MemorySegment array = memory.at(vectors);
    return array == null ? null : memory.gather(array, vectors - array.address(), count, length);
  }

  private void readBuffers(Buffers group) {
    MemorySegment segment = memory.at(group.address);
    if (segment == null) {
      return;
    }
    long start = group.address - segment.address();
    int tail = segment.get(JAVA_SHORT_UNALIGNED, start + BUFFER_TAIL) & 0xffff;
    for (; group.seen != tail; group.seen = (group.seen + 1) & 0xffff) {
      long at = start + (long) (group.seen & (group.entries - 1)) * BUFFER_SIZE;
      int id = segment.get(JAVA_SHORT_UNALIGNED, at + 12) & 0xffff;
      group.places.put(id, segment.get(JAVA_LONG_UNALIGNED, at));
    }
  }

  @Override
  public int register(int fd, int operation, MemorySegment argument, long offset, int count) {
    int result = inner.register(fd, operation, argument, offset, count);
    if (operation == REGISTER_PBUF_RING && result >= 0) {
      long address = argument.get(JAVA_LONG_UNALIGNED, offset);
      int group = argument.get(JAVA_SHORT_UNALIGNED, offset + 12) & 0xffff;
      buffers.put(group, new Buffers(address, argument.get(JAVA_INT_UNALIGNED, offset + 8)));
    }
    listener.called(new Call("URING_REGISTER", fd, result, operation));
    return result;
  }

  @Override
  public MemorySegment map(int fd, long bytes, long area) {
    MemorySegment segment = inner.map(fd, bytes, area);
    if (area == OFFSET_SQES) {
      entries = segment;
    } else {
      ring = segment;
    }
    return segment;
  }

  @Override
  public void unmap(MemorySegment segment) {
    ring = segment.equals(ring) ? null : ring;
    entries = segment.equals(entries) ? null : entries;
    inner.unmap(segment);
  }

  @Override
  public int close(int fd) {
    int result = inner.close(fd);
    listener.called(new Call("CLOSE", fd, result, 0));
    return result;
  }
}
