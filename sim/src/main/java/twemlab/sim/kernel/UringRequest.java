package twemlab.sim.kernel;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.UringCalls;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.StreamSocket;
import twemlab.sim.world.Trace;

/// A request that a ring has taken: it holds its file open (rule U6) until its last completion.
///
/// It is tried when it is submitted. What cannot end then waits for the file's wake-up, and goes on
/// as deferred task work inside a later io_uring_enter(2). Source: io_uring/poll.c, io_uring/net.c.
abstract sealed class UringRequest implements SimFile.Watcher {
  /// Buffers that a multishot receive fills in one go (`MULTISHOT_MAX_RETRY`).
  private static final int MULTISHOT_MAX = 32;

  private static final int INCOMING = Ready.IN | Ready.RDNORM | Ready.ERR | Ready.HUP | Ready.RDHUP;

  final UringFile ring;
  final UringEntry entry;
  final SimFile file;
  private final int events;
  private boolean armed;
  private boolean cancelled;
  private boolean done;

  /// It is, or will be, in the ring's task work.
  boolean queued;

  /// Wake-ups since it ran, and the bits of the only one.
  private int wakes;

  private int wakeKey;

  private UringRequest(UringFile ring, UringEntry entry, SimFile file, int events) {
    this.ring = ring;
    this.entry = entry;
    this.file = file;
    this.events = events;
    file.retain();
  }

  /// Does what can be done now; what is not [#complete] then waits.
  abstract void attempt();

  /// What to do when the file is ready: `mask` holds the bits of interest.
  abstract void ready(int mask);

  /// Whether the kernel may read or write a part of `[from, to)` before the request has completed.
  boolean uses(long from, long to) {
    return false;
  }

  /// What a cancelled request answers.
  int cancelResult() {
    return Errno.ECANCELED.result();
  }

  /// Whether a result is a failure, which is told even under CQE_SKIP_SUCCESS.
  boolean failed(int result) {
    return result < 0;
  }

  final void submit() {
    attempt();
    if (!done) {
      armed = true;
      file.watch(this);
      // What is so already counts as a wake-up: another one before the task work means asking
      // again.
      int mask = file.poll() & events;
      if (mask != 0) {
        wake(mask);
      }
    }
  }

  final boolean done() {
    return done;
  }

  final int events() {
    return events;
  }

  /// `io_poll_wake`: bits that do not concern it are not for it.
  @Override
  public final void wake(int key) {
    if (key == 0 || (key & events) != 0) {
      wakes++;
      wakeKey = key & events;
      ring.queue(this);
    }
  }

  @Override
  public final void fileClosed() {
    throw new IllegalStateException("a file was closed that a request holds");
  }

  /// Takes it back: it completes with its next task work.
  final void cancel() {
    cancelled = true;
    ring.queue(this);
  }

  /// The task work, `io_poll_check_events`: the bits of a single wake-up are believed, those of
  /// several are asked for again.
  final void run() {
    queued = false;
    int told = wakes == 1 ? wakeKey : 0;
    wakes = 0;
    if (cancelled) {
      complete(cancelResult(), 0);
      return;
    }
    int mask = told != 0 ? told : file.poll() & events;
    if (mask != 0) {
      ready(mask);
    }
  }

  /// Ends it.
  final void complete(int result, int flags) {
    done = true;
    if (armed) {
      file.unwatch(this);
    }
    ring.completed(this, result, flags);
    file.drop();
  }

  /// The ring is gone: it ends without a word.
  final void abandon() {
    done = true;
    if (armed) {
      file.unwatch(this);
    }
    file.drop();
  }

  /// POLL_ADD, rules U1 to U3.
  static final class Poll extends UringRequest {
    private final boolean multishot;

    Poll(UringFile ring, UringEntry entry, SimFile file) {
      super(ring, entry, file, entry.operationFlags() | Ready.ERR | Ready.HUP);
      this.multishot = (entry.length() & UringCalls.POLL_ADD_MULTI) != 0;
    }

    /// A multishot poll reports even the first mask as task work.
    @Override
    void attempt() {
      int mask = multishot ? 0 : file.poll() & events();
      if (mask != 0) {
        complete(mask, 0);
      }
    }

    @Override
    void ready(int mask) {
      if (!multishot || !ring.more(this, mask, 0)) {
        complete(mask, 0);
      }
    }
  }

  /// ACCEPT, once or multishot.
  static final class Accept extends UringRequest {
    private final StreamSocket listener;
    private final boolean multishot;

    Accept(UringFile ring, UringEntry entry, StreamSocket listener) {
      super(ring, entry, listener, INCOMING);
      this.listener = listener;
      this.multishot = (entry.priority() & UringCalls.ACCEPT_MULTISHOT) != 0;
    }

    @Override
    void attempt() {
      while (true) {
        int result = ring.sockets().accept(listener);
        if (result == Errno.EAGAIN.result()) {
          return;
        }
        if (result < 0 || !multishot || !ring.more(this, result, 0)) {
          complete(result, 0);
          return;
        }
      }
    }

    @Override
    void ready(int mask) {
      attempt();
    }
  }

  /// RECV into provided buffers, once or multishot.
  static final class Receive extends UringRequest {
    private final StreamSocket socket;
    private final boolean multishot;
    private final int limit;
    private final UringBufferGroup group;

    Receive(UringFile ring, UringEntry entry, StreamSocket socket, UringBufferGroup group) {
      super(ring, entry, socket, INCOMING);
      this.socket = socket;
      this.multishot = (entry.priority() & UringCalls.RECV_MULTISHOT) != 0;
      this.limit = entry.length() == 0 ? Integer.MAX_VALUE : entry.length();
      this.group = group;
    }

    /// The buffer comes first: without one it ends even if no byte is there.
    @Override
    void attempt() {
      for (int i = 0; i < MULTISHOT_MAX; i++) {
        if (!group.select()) {
          complete(Errno.ENOBUFS.result(), 0);
          return;
        }
        int length = Math.min(group.length(), limit);
        int result = socket.read(group.segment(), group.offset(), length);
        if (result == Errno.EAGAIN.result()) {
          return;
        }
        if (result <= 0) {
          complete(result, 0);
          return;
        }
        int flags = UringCalls.CQE_BUFFER | group.take() << UringCalls.CQE_BUFFER_SHIFT;
        if (!multishot || !ring.more(this, result, flags)) {
          complete(result, flags);
          return;
        }
        if (socket.received.isEmpty() && !socket.receiveShut && socket.error == null) {
          return;
        }
      }
      ring.queue(this);
    }

    @Override
    void ready(int mask) {
      attempt();
    }

    @Override
    boolean uses(long from, long to) {
      return group.offers(from, to);
    }
  }

  /// SEND and SENDMSG with MSG_WAITALL: `io_send`, `io_sendrecv_fail`.
  static final class Send extends UringRequest {
    private final StreamSocket socket;
    private final SimMemory memory;
    private final boolean mayWait;
    private final boolean whole;
    private final long[] addresses;
    private final int[] lengths;
    private final int total;
    private int sent;
    private long hash;
    private boolean hashed;

    Send(
        UringFile ring,
        UringEntry entry,
        StreamSocket socket,
        SimMemory memory,
        long[] addresses,
        int[] lengths) {
      super(ring, entry, socket, Ready.OUT | Ready.WRNORM | Ready.ERR | Ready.HUP);
      this.socket = socket;
      this.memory = memory;
      this.mayWait = (entry.operationFlags() & UringCalls.MSG_DONTWAIT) == 0;
      this.whole = (entry.operationFlags() & UringCalls.MSG_WAITALL) != 0;
      this.addresses = addresses;
      this.lengths = lengths;
      int sum = 0;
      for (int length : lengths) {
        sum = Math.addExact(sum, length);
      }
      this.total = sum;
    }

    @Override
    void attempt() {
      checkUnchanged();
      int result = socket.admit(total - sent);
      if (result > 0) {
        append(result);
        socket.flush();
        sent += result;
      }
      boolean again = result == Errno.EAGAIN.result() || (whole && result > 0 && sent < total);
      if (!again) {
        complete(sent > 0 ? sent : result, 0);
      } else if (!mayWait) {
        complete(sent > 0 ? sent : Errno.EAGAIN.result(), 0);
      } else if (!hashed) {
        hash = contents();
        hashed = true;
      }
    }

    /// It is submitted anew, as it were, and so polls again.
    @Override
    void ready(int mask) {
      attempt();
      if (!done() && (file.poll() & events()) != 0) {
        ring.queue(this);
      }
    }

    @Override
    int cancelResult() {
      checkUnchanged();
      return sent > 0 ? sent : super.cancelResult();
    }

    @Override
    boolean failed(int result) {
      return result < total;
    }

    private void append(int accepted) {
      int skip = sent;
      int left = accepted;
      for (int i = 0; left > 0; i++) {
        int part = Math.min(lengths[i] - Math.min(skip, lengths[i]), left);
        if (part > 0) {
          MemorySegment segment = memory.at(addresses[i], lengths[i]);
          socket.append(segment, addresses[i] - segment.address() + skip, part);
          left -= part;
          skip = 0;
        } else {
          skip -= lengths[i];
        }
      }
    }

    private void checkUnchanged() {
      if (hashed && contents() != hash) {
        throw new IllegalStateException(
            "the bytes of a send to descriptor " + entry.fd() + " changed before it completed");
      }
    }

    private long contents() {
      long h = 1;
      for (int i = 0; i < lengths.length; i++) {
        if (lengths[i] > 0) {
          MemorySegment segment = memory.at(addresses[i], lengths[i]);
          h = 31 * h + Trace.hashOf(segment, addresses[i] - segment.address(), lengths[i]);
        }
      }
      return h;
    }

    @Override
    boolean uses(long from, long to) {
      for (int i = 0; i < lengths.length; i++) {
        if (addresses[i] < to && from < addresses[i] + lengths[i]) {
          return true;
        }
      }
      return false;
    }
  }
}
