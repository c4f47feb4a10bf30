package twemlab.event;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static twemlab.event.kernel.Platform.POLLIN;
import static twemlab.event.kernel.UringCalls.CANCEL_ALL;
import static twemlab.event.kernel.UringCalls.CANCEL_ANY;
import static twemlab.event.kernel.UringCalls.CQE_BUFFER;
import static twemlab.event.kernel.UringCalls.CQE_BUFFER_SHIFT;
import static twemlab.event.kernel.UringCalls.CQE_MORE;
import static twemlab.event.kernel.UringCalls.MSG_DONTWAIT;
import static twemlab.event.kernel.UringCalls.MSG_NOSIGNAL;
import static twemlab.event.kernel.UringCalls.MSG_WAITALL;
import static twemlab.event.kernel.UringCalls.OP_ASYNC_CANCEL;
import static twemlab.event.kernel.UringCalls.OP_POLL_ADD;
import static twemlab.event.kernel.UringCalls.OP_RECV;
import static twemlab.event.kernel.UringCalls.OP_SEND;
import static twemlab.event.kernel.UringCalls.OP_SENDMSG;
import static twemlab.event.kernel.UringCalls.POLL_ADD_MULTI;
import static twemlab.event.kernel.UringCalls.RECV_MULTISHOT;
import static twemlab.event.kernel.UringCalls.SQE_BUFFER_SELECT;
import static twemlab.event.kernel.UringCalls.SQE_CQE_SKIP_SUCCESS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntSupplier;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.kernel.UringCalls;

/// Bytes by completion: the kernel receives into buffers of ours and sends from them, and tells
/// when it has; one system call a turn carries everything (io_uring(7)).
///
/// ```text
/// turn n    deliver completions ─► handlers ─► submissions prepared: sends, receives, cancellations
/// turn n+1  one io_uring_enter: submits them all, waits for the next completions
/// ```
///
/// *Receives* are multishot: armed once, each completion brings one buffer of the group, and a
/// connection that waits holds none. *Sends* are tried at once inside the call that submits them,
/// and say nothing when they succeed (see [UringChannel]). *Closing* a descriptor cancels nothing
/// (rule U6): requests are cancelled by name, and a slot, its generation and its mbufs are free
/// after the last completion.
///
/// A request names what it is for in `user_data`: `generation << 32 | operation << 24 | slot`.
public final class UringTransport implements Transport {
  static final int RECEIVE = 1;
  static final int TRY_SEND = 2;
  static final int SEND = 3;
  static final int ACCEPT = 4;
  static final int CONNECT = 5;
  static final int HANG_UP = 6;
  private static final int WAKE = 7;

  /// Beside the operation that is cancelled: a cancellation is told only when it failed.
  private static final int CANCEL = 0x80;

  private static final int OPERATION_SHIFT = 24;
  private static final long OPERATION_MASK = 0xFFL << OPERATION_SHIFT;
  private static final int SUBMISSIONS = 1024;
  private static final int COMPLETIONS = 8 * SUBMISSIONS;

  /// Completions between two flushes, and sends between two submissions, so that the first of a
  /// large batch are not answered last.
  private static final int FLUSH_INTERVAL = 64;

  /// iovecs in one sendmsg.
  static final int IOVEC_LIMIT = 128;

  /// A `struct msghdr`, then its iovecs.
  private static final int MESSAGE_HEADER_BYTES = 64;

  private static final long SCRATCH_BYTES = 256 << 10;

  /// The patience of a wait for several completions (see [#worthWaitingFor]).
  private static final int MINIMUM_WAIT_MICROS = 50;

  private static final int LARGE_BATCH = 8;
  private static final int EAGER_TURNS = 16;

  /// How long a closing transport waits for the kernel to let go of its buffers.
  private static final int LAST_WAITS = 200;

  private final Kernel kernel;
  private final SocketCalls sockets;
  private final MemoryCalls memory;
  private final TimerWheel timers;
  private final UringRing ring;
  private final UringBuffers clientBuffers;
  private final UringBuffers serverBuffers;
  private final TransportCounts counts = new TransportCounts();
  private final ChannelTable<UringEntry> table = new ChannelTable<>();
  private final Waker waker;
  private final long wakerHandle;

  /// A socket address, then the messages of sends that are not submitted yet.
  private final MemorySegment scratch;

  private long scratchUsed = Platform.SOCKADDR_MAX;
  private final ChannelList<UringChannel> dirtyServers = new ChannelList<>();
  private final ChannelList<UringChannel> dirtyClients = new ChannelList<>();
  private final ChannelList<UringChannel> pending = new ChannelList<>();

  /// Channels whose send is tried: prepared, and then submitted.
  private final ChannelList<UringChannel> preparedTries = new ChannelList<>();

  private final ChannelList<UringChannel> submittedTries = new ChannelList<>();

  /// Channels whose receive ended because the buffers ran out.
  private final ChannelList<UringChannel> starvedChannels = new ChannelList<>();

  private UringEntry[] due = new UringEntry[64];
  private int dueCount;
  private UringEntry[] rearmed = new UringEntry[64];
  private int rearmedCount;
  private UringListener[] starvedListeners = new UringListener[0];

  /// Descriptors that submissions still name.
  private int[] closing = new int[64];

  private int closingCount;
  private int open;
  private int sinceSubmit;
  private long turn;
  private boolean closed;
  private IntSupplier outstanding = () -> 0;

  /// Completions of the last turn, and turns in which the wait is for one completion only.
  private int lastBatch;

  private int eagerTurns;

  /// A transport over a ring of its own.
  ///
  /// @param pool where receives get their mbufs
  /// @param timers shared with the loop
  /// @throws UnsupportedOperationException if the system has no usable io_uring
  public UringTransport(Kernel kernel, MbufPool pool, TimerWheel timers) {
    this.kernel = kernel;
    this.sockets = kernel.sockets();
    this.memory = kernel.memory();
    this.timers = timers;
    UringCalls calls =
        kernel.uring().orElseThrow(() -> new UnsupportedOperationException("no io_uring"));
    this.ring = new UringRing(calls, memory, SUBMISSIONS, COMPLETIONS);
    this.clientBuffers = new UringBuffers(ring, memory, pool, 0);
    this.serverBuffers = new UringBuffers(ring, memory, pool, 1);
    this.scratch = memory.map(SCRATCH_BYTES);
    this.waker = new Waker(kernel);
    this.wakerHandle = table.add(new WakerEntry());
    watchWaker();
  }

  private final class WakerEntry implements UringEntry {
    @Override
    public void complete(int operation, int result, int flags) {
      waker.drain();
      if ((flags & CQE_MORE) == 0 && result >= 0) {
        watchWaker();
      }
    }

    @Override
    public void onRearmed() {
      throw new IllegalStateException("a waker reads everything at once");
    }
  }

  private void watchWaker() {
    ring.prepare(
        OP_POLL_ADD,
        waker.descriptor(),
        0,
        0,
        POLL_ADD_MULTI,
        POLLIN,
        userData(wakerHandle, WAKE),
        0);
  }

  static long userData(long handle, int operation) {
    return handle | (long) operation << OPERATION_SHIFT;
  }

  @Override
  public Listener listen(Address address, ListenOptions options, Acceptor acceptor)
      throws ListenException {
    checkOpen();
    ListenSocket socket = ListenSocket.open(kernel, scratch, address, options);
    var listener = new UringListener(this, socket, options, acceptor);
    open++;
    listener.registered(table.add(listener));
    return listener;
  }

  @Override
  public Channel connect(Address address, Channel.Handler handler) {
    checkOpen();
    var channel = new UringChannel(this, handler, true);
    channel.connect(address);
    return channel;
  }

  /// Room for a socket address, until the next call.
  MemorySegment addressPlace() {
    return scratch;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the transport is closed");
    }
  }

  /// Makes a channel of an accepted descriptor.
  void adopt(int fd, Acceptor acceptor) {
    var channel = new UringChannel(this, null, false);
    channel.accepted(fd);
    counts.accepted++;
    Channel.Handler handler = acceptor.onAccepted(channel);
    if (handler == null) {
      channel.closeNow();
    } else {
      channel.handledBy(handler);
    }
  }

  long add(UringEntry entry) {
    open++;
    return table.add(entry);
  }

  /// An entry was closed; its slot stays until its last completion.
  void closedOne() {
    open--;
  }

  void free(long handle) {
    table.remove(handle);
  }

  @Override
  public int await(int timeoutMillis) {
    checkOpen();
    closeDescriptors();
    boolean busy =
        dueCount + rearmedCount > 0
            || !pending.isEmpty()
            || !submittedTries.isEmpty()
            || !dirtyIsEmpty()
            || ring.ready() > 0;
    int least = busy ? 1 : worthWaitingFor();
    int result = ring.await(busy ? 0 : timeoutMillis, least, MINIMUM_WAIT_MICROS);
    if (ring.prepared() == 0) {
      submitted();
    }
    counts.waits++;
    if (result < 0 && !UringRing.passing(result)) {
      throw new IllegalStateException("io_uring wait: " + Errno.of(result).text());
    }
    int ready = ring.ready();
    counts.events += ready;
    lastBatch = ready;
    if (ready < least) {
      eagerTurns = EAGER_TURNS;
    } else if (eagerTurns > 0) {
      eagerTurns--;
    }
    return ready;
  }

  /// How many completions to wait for. A wake-up costs more than a system call, and while many
  /// replies are on their way, a little patience turns several wake-ups into one; but with few of
  /// them, each would pay for the patience. So it adapts: half of the last batch is asked for, if
  /// that batch was large and twice as many requests are outstanding, and when the time ran out in
  /// vain, not for a while.
  private int worthWaitingFor() {
    boolean many = lastBatch >= LARGE_BATCH && outstanding.getAsInt() >= 2 * lastBatch;
    return many && eagerTurns == 0 ? lastBatch / 2 : 1;
  }

  @Override
  public void outstanding(IntSupplier requests) {
    outstanding = requests;
  }

  @Override
  public boolean deliver() {
    turn++;
    int sinceFlush = 0;
    while (!closed && ring.ready() > 0) {
      long userData = ring.userData();
      int result = ring.result();
      int flags = ring.flags();
      ring.consume();
      dispatch(userData, result, flags);
      if (++sinceFlush == FLUSH_INTERVAL) {
        sinceFlush = 0;
        flushNow();
      }
    }
    if (closed) {
      return false;
    }
    boolean overflowed = ring.overflowed();
    if (!overflowed) {
      settleTries();
    }
    deliverPending();
    serveRearmed();
    return overflowed;
  }

  private void dispatch(long userData, int result, int flags) {
    int operation = (int) ((userData & OPERATION_MASK) >>> OPERATION_SHIFT);
    UringEntry entry = table.find(userData & ~OPERATION_MASK);
    if ((operation & CANCEL) != 0) {
      if (entry != null && result == Errno.EALREADY.result()) {
        // Caught at work (rule U4): a multishot request may go on afterwards.
        cancel(userData & ~OPERATION_MASK, operation & ~CANCEL);
      }
      return;
    }
    if (entry == null) {
      counts.staleEvents++;
      return;
    }
    entry.complete(operation, result, flags);
  }

  /// Every completion was looked at: who did not complain has sent everything.
  private void settleTries() {
    for (UringChannel each = submittedTries.poll(); each != null; each = submittedTries.poll()) {
      each.settleTry();
    }
  }

  private void serveRearmed() {
    int count = dueCount;
    dueCount = 0;
    for (int i = 0; i < count && !closed; i++) {
      UringEntry entry = due[i];
      due[i] = null;
      entry.onRearmed();
    }
  }

  /// Has an entry served in the next turn, which will not wait.
  void rearm(UringEntry entry) {
    if (rearmedCount == rearmed.length) {
      rearmed = Arrays.copyOf(rearmed, rearmedCount * 2);
    }
    rearmed[rearmedCount++] = entry;
  }

  void later(UringChannel channel) {
    pending.add(channel);
  }

  private void deliverPending() {
    for (UringChannel channel = pending.poll(); channel != null; channel = pending.poll()) {
      channel.deliverPending();
    }
  }

  void dirty(UringChannel channel, boolean server) {
    (server ? dirtyServers : dirtyClients).add(channel);
  }

  @Override
  public void flush() {
    if (closed) {
      return;
    }
    flushNow();
    if (ring.ready() == 0 && !ring.overflowed()) {
      // What this turn has submitted already need not wait for the next one.
      settleTries();
      flushNow();
    }
    feedStarved();
    clientBuffers.publish();
    serverBuffers.publish();
    closeDescriptors();
    if (dueCount == 0) {
      UringEntry[] served = due;
      due = rearmed;
      rearmed = served;
      dueCount = rearmedCount;
      rearmedCount = 0;
    }
  }

  private void flushNow() {
    do {
      deliverPending();
      write(dirtyServers);
      write(dirtyClients);
    } while (!dirtyIsEmpty() || !pending.isEmpty());
  }

  private boolean dirtyIsEmpty() {
    return dirtyServers.isEmpty() && dirtyClients.isEmpty();
  }

  private static void write(ChannelList<UringChannel> dirty) {
    for (UringChannel channel = dirty.poll(); channel != null; channel = dirty.poll()) {
      channel.write();
    }
  }

  private void feedStarved() {
    if (!starvedChannels.isEmpty()) {
      UringChannel channel = starvedChannels.poll();
      for (; channel != null; channel = starvedChannels.poll()) {
        channel.receiveAgain();
      }
    }
  }

  /// A channel found its buffers gone: there are more from the next turn on.
  void starved(UringChannel channel, boolean server) {
    buffers(server).grow();
    starvedChannels.add(channel);
  }

  UringBuffers buffers(boolean server) {
    return server ? serverBuffers : clientBuffers;
  }

  static int bufferId(int flags) {
    return (flags & CQE_BUFFER) != 0 ? flags >>> CQE_BUFFER_SHIFT : -1;
  }

  /// Arms a multishot receive.
  void receive(int fd, long handle, boolean server) {
    UringBuffers buffers = buffers(server);
    if (buffers.count() == 0) {
      buffers.grow();
      buffers.publish();
    }
    ring.prepare(
        OP_RECV | SQE_BUFFER_SELECT << 8 | RECV_MULTISHOT << 16,
        fd,
        0,
        0,
        0,
        0,
        userData(handle, RECEIVE),
        buffers.group());
  }

  void poll(int fd, int events, long handle, int operation) {
    ring.prepare(OP_POLL_ADD, fd, 0, 0, 0, events, userData(handle, operation), 0);
  }

  void accept(int fd, long handle) {
    ring.prepare(
        UringCalls.OP_ACCEPT | UringCalls.ACCEPT_MULTISHOT << 16,
        fd,
        0,
        0,
        0,
        UringCalls.SOCK_NONBLOCK | UringCalls.SOCK_CLOEXEC,
        userData(handle, ACCEPT),
        0);
  }

  void cancel(long handle, int operation) {
    ring.cancel(userData(handle, operation), userData(handle, operation | CANCEL));
  }

  /// Prepares a send of a queue's first ranges.
  ///
  /// @param tried whether it must end within its submission, silently if all was sent
  void send(UringChannel channel, int fd, long handle, SendQueue queue, boolean tried) {
    int word = tried ? SQE_CQE_SKIP_SUCCESS << 8 : 0;
    int flags = MSG_NOSIGNAL | MSG_WAITALL | (tried ? MSG_DONTWAIT : 0);
    long userData = userData(handle, tried ? TRY_SEND : SEND);
    if (queue.count() == 1) {
      Mbuf mbuf = queue.firstMbuf();
      long address = mbuf.address() + queue.firstFrom();
      int length = queue.firstTo() - queue.firstFrom();
      ring.prepare(OP_SEND | word, fd, 0, address, length, flags, userData, 0);
    } else {
      long message = message(queue);
      ring.prepare(OP_SENDMSG | word, fd, 0, scratch.address() + message, 1, flags, userData, 0);
    }
    if (tried) {
      preparedTries.add(channel);
    }
    if (++sinceSubmit >= FLUSH_INTERVAL) {
      submitPrepared();
    }
  }

  /// Writes a `struct msghdr`; the kernel has copied it when it was submitted (SUBMIT_STABLE).
  private long message(SendQueue queue) {
    if (scratchUsed
        > SCRATCH_BYTES - MESSAGE_HEADER_BYTES - (long) IOVEC_LIMIT * Platform.IOVEC_SIZE) {
      submitPrepared();
    }
    long message = scratchUsed;
    long iovecs = message + MESSAGE_HEADER_BYTES;
    int count = queue.fill(scratch, iovecs, IOVEC_LIMIT);
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

  private void submitPrepared() {
    ring.submit();
    submitted();
  }

  /// The kernel has taken everything prepared so far.
  private void submitted() {
    scratchUsed = Platform.SOCKADDR_MAX;
    sinceSubmit = 0;
    for (UringChannel each = preparedTries.poll(); each != null; each = preparedTries.poll()) {
      submittedTries.add(each);
    }
  }

  /// Closes a descriptor as soon as no submission names it: its number may be another's at once.
  void closeDescriptor(int fd) {
    if (closingCount == closing.length) {
      closing = Arrays.copyOf(closing, closingCount * 2);
    }
    closing[closingCount++] = fd;
  }

  private void closeDescriptors() {
    if (closingCount > 0) {
      submitPrepared();
      int count = closingCount;
      closingCount = 0;
      for (int i = 0; i < count; i++) {
        sockets.close(closing[i]);
      }
      for (UringListener listener : starvedListeners) {
        listener.feed();
      }
    }
  }

  void starving(UringListener listener) {
    starvedListeners = Arrays.copyOf(starvedListeners, starvedListeners.length + 1);
    starvedListeners[starvedListeners.length - 1] = listener;
  }

  void fed(UringListener listener) {
    starvedListeners =
        Arrays.stream(starvedListeners)
            .filter(other -> other != listener)
            .toArray(UringListener[]::new);
  }

  @Override
  public boolean settled() {
    return rearmedCount == 0 && pending.isEmpty();
  }

  @Override
  public void wake() {
    waker.ring();
  }

  @Override
  public int openCount() {
    return open;
  }

  @Override
  public TransportCounts counts() {
    counts.mbufsHeld = clientBuffers.count() + serverBuffers.count();
    return counts;
  }

  /// Also waits until the kernel has let go of every buffer, which it may be writing to. When the
  /// thread that waited on the ring has ended, the kernel did so then.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    for (int slot = 0; slot < table.slotLimit(); slot++) {
      switch (table.at(slot)) {
        case UringChannel channel -> channel.closeNow();
        case UringListener listener -> listener.close();
        case null, default -> {}
      }
    }
    for (UringChannel channel = pending.poll(); channel != null; channel = pending.poll()) {
      channel.closeNow();
    }
    closed = true;
    if (ring.isOurs()) {
      closeDescriptors();
      letGo();
    } else {
      for (int i = 0; i < closingCount; i++) {
        sockets.close(closing[i]);
      }
    }
    for (int slot = 0; slot < table.slotLimit(); slot++) {
      if (table.at(slot) instanceof UringChannel channel) {
        channel.abandoned();
      }
    }
    waker.close();
    ring.close();
    clientBuffers.close();
    serverBuffers.close();
    memory.unmap(scratch);
  }

  private void letGo() {
    ring.prepare(
        OP_ASYNC_CANCEL | SQE_CQE_SKIP_SUCCESS << 8,
        -1,
        0,
        0,
        0,
        CANCEL_ALL | CANCEL_ANY,
        (long) CANCEL << OPERATION_SHIFT,
        0);
    boolean wakerWatched = true;
    for (int i = 0; i < LAST_WAITS && (table.count() > 1 || wakerWatched); i++) {
      ring.await(ring.ready() > 0 ? 0 : 10);
      submitted();
      while (ring.ready() > 0) {
        long userData = ring.userData();
        int result = ring.result();
        int flags = ring.flags();
        ring.consume();
        if ((userData & ~OPERATION_MASK) == wakerHandle) {
          wakerWatched &= (flags & CQE_MORE) != 0;
        } else {
          dispatch(userData, result, flags);
        }
      }
      settleTries();
    }
  }

  SocketCalls sockets() {
    return sockets;
  }

  Platform platform() {
    return kernel.platform();
  }

  TimerWheel timers() {
    return timers;
  }

  /// Counts turns, for budgets.
  long turn() {
    return turn;
  }

  long timeNow() {
    return kernel.clock().monotonicNanos();
  }
}
