package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.UringCalls;
import twemlab.sim.world.Fault;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.StreamSocket;

/// From a submission to a request: arguments, and the operations that end other requests.
final class UringOperations {
  private static final int KNOWN_FLAGS =
      UringCalls.SQE_BUFFER_SELECT | UringCalls.SQE_CQE_SKIP_SUCCESS;

  private final UringFile ring;
  private final Descriptors descriptors;
  private final SimMemory memory;

  UringOperations(UringFile ring, Descriptors descriptors, SimMemory memory) {
    this.ring = ring;
    this.descriptors = descriptors;
    this.memory = memory;
  }

  void submit(UringEntry entry) {
    int result =
        (entry.flags() & ~KNOWN_FLAGS) != 0 || groupUnused(entry)
            ? Errno.EINVAL.result()
            : switch (entry.operation()) {
              case UringCalls.OP_POLL_ADD -> poll(entry);
              case UringCalls.OP_ACCEPT -> accept(entry);
              case UringCalls.OP_RECV -> receive(entry);
              case UringCalls.OP_SEND -> send(entry);
              case UringCalls.OP_SENDMSG -> sendMessage(entry);
              case UringCalls.OP_POLL_REMOVE -> told(entry, remove(entry));
              case UringCalls.OP_ASYNC_CANCEL -> told(entry, cancel(entry));
              default -> Errno.EINVAL.result();
            };
    if (result < 0) {
      ring.told(entry, result, 0, true);
    }
  }

  /// A field that an operation does not know must be 0.
  private static boolean groupUnused(UringEntry entry) {
    return entry.group() != 0 && entry.operation() != UringCalls.OP_RECV;
  }

  private int begin(UringRequest request) {
    ring.requests().add(request);
    request.submit();
    return 0;
  }

  private int told(UringEntry entry, int result) {
    if (result >= 0) {
      ring.told(entry, result, 0, false);
    }
    return result;
  }

  private int poll(UringEntry entry) {
    SimFile file = descriptors.get(entry.fd());
    return file == null
        ? Errno.EBADF.result()
        : file.pollable()
            ? begin(new UringRequest.Poll(ring, entry, file))
            : Errno.EOPNOTSUPP.result();
  }

  private StreamSocket socket(UringEntry entry) {
    return descriptors.get(entry.fd()) instanceof StreamSocket socket ? socket : null;
  }

  private int noSocket(UringEntry entry) {
    return (descriptors.get(entry.fd()) == null ? Errno.EBADF : Errno.ENOTSOCK).result();
  }

  private int accept(UringEntry entry) {
    StreamSocket socket = socket(entry);
    return socket == null ? noSocket(entry) : begin(new UringRequest.Accept(ring, entry, socket));
  }

  private int receive(UringEntry entry) {
    StreamSocket socket = socket(entry);
    if (socket == null) {
      return noSocket(entry);
    }
    if ((entry.flags() & UringCalls.SQE_BUFFER_SELECT) == 0) {
      return Errno.EINVAL.result(); // nobody needs it
    }
    UringBufferGroup group = ring.groups().get(entry.group());
    return group == null
        ? Errno.ENOBUFS.result()
        : begin(new UringRequest.Receive(ring, entry, socket, group));
  }

  private int send(UringEntry entry) {
    StreamSocket socket = socket(entry);
    if (socket == null) {
      return noSocket(entry);
    }
    memory.at(entry.address(), entry.length());
    long[] addresses = {entry.address()};
    int[] lengths = {entry.length()};
    return begin(new UringRequest.Send(ring, entry, socket, memory, addresses, lengths));
  }

  /// The header and its iovecs are copied (SUBMIT_STABLE); the bytes are not.
  private int sendMessage(UringEntry entry) {
    StreamSocket socket = socket(entry);
    if (socket == null) {
      return noSocket(entry);
    }
    MemorySegment header = memory.at(entry.address(), 56);
    long at = entry.address() - header.address();
    long iovecs = header.get(JAVA_LONG_UNALIGNED, at + 16);
    int count = (int) header.get(JAVA_LONG_UNALIGNED, at + 24);
    if (count < 0 || count > Platform.IOV_MAX) {
      return Errno.EINVAL.result();
    }
    MemorySegment segment = memory.at(iovecs, (long) count * Platform.IOVEC_SIZE);
    long[] addresses = new long[count];
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      long place = iovecs - segment.address() + (long) i * Platform.IOVEC_SIZE;
      addresses[i] = segment.get(JAVA_LONG_UNALIGNED, place);
      lengths[i] = Math.toIntExact(segment.get(JAVA_LONG_UNALIGNED, place + Platform.IOVEC_LENGTH));
      if (lengths[i] > 0) {
        memory.at(addresses[i], lengths[i]);
      }
    }
    return begin(new UringRequest.Send(ring, entry, socket, memory, addresses, lengths));
  }

  /// Rule U4: a poll that is at work is not disarmed, and goes on (`io_poll_disarm`).
  private int remove(UringEntry entry) {
    for (UringRequest request : ring.requests()) {
      if (request instanceof UringRequest.Poll && request.entry.userData() == entry.address()) {
        if (ring.works(request) || busy()) {
          return Errno.EALREADY.result();
        }
        request.cancel();
        return 0;
      }
    }
    return Errno.ENOENT.result();
  }

  private int cancel(UringEntry entry) {
    boolean any = (entry.operationFlags() & UringCalls.CANCEL_ANY) != 0;
    boolean all = (entry.operationFlags() & UringCalls.CANCEL_ALL) != 0;
    int cancelled = 0;
    for (UringRequest request : List.copyOf(ring.requests())) {
      if (any || request.entry.userData() == entry.address()) {
        if (!all && busy()) {
          return Errno.EALREADY.result();
        }
        request.cancel();
        cancelled++;
        if (!all) {
          return 0;
        }
      }
    }
    return all ? cancelled : Errno.ENOENT.result();
  }

  private boolean busy() {
    return ring.world().faults().fires(Fault.CANCEL_BUSY);
  }
}
