package twemlab.event.uring;

import static twemlab.event.kernel.UringCalls.CQE_MORE;

import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;
import twemlab.event.Channel;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.TransportCounts;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.kernel.UringCalls;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.stream.ChannelList;
import twemlab.event.stream.ChannelTable;
import twemlab.event.stream.ListenSocket;
import twemlab.event.stream.ReadBuffer;
import twemlab.event.stream.TransportContext;
import twemlab.event.stream.TurnWork;
import twemlab.event.stream.Waker;

/// Bytes by completion: the kernel receives into buffers of ours and sends from them, and tells
/// when it has; one system call a turn carries everything (io_uring(7)).
///
/// ```text
/// turn n    deliver completions ─► handlers ─► submissions prepared: sends, receives,
/// cancellations turn n+1  one io_uring_enter: submits them all, waits for the next completions
/// ```
///
/// *Receives* are multishot: armed once, each completion brings one buffer of the group
/// ([UringBuffers]), and a connection that waits holds none. *Sends* are tried at once inside the
/// call that submits them, and say nothing when they succeed ([UringSender]). *Closing* a
/// descriptor cancels nothing (rule U6): requests are cancelled by name ([UringSubmissions]), and a
/// slot, its generation and its mbufs are free after the last completion.
public final class UringTransport implements Transport {
  private static final int SUBMISSIONS = 1024;
  private static final int COMPLETIONS = 8 * SUBMISSIONS;

  /// How long a closing transport waits for the kernel to let go of its buffers.
  private static final int LAST_WAITS = 200;

  private final Kernel kernel;
  private final SocketCalls sockets;
  private final UringRing ring;
  private final MbufPool pool;
  private final UringBuffers clientBuffers;
  private final UringBuffers serverBuffers;

  /// For the reads that are made by calls, and for what is copied together.
  private final ReadBuffer reads;

  private final TransportContext context;
  private final TransportCounts counts;
  private final TurnWork work;
  private final UringSubmissions submissions;
  private final Patience patience = new Patience();
  private final ChannelTable<UringEntry> table = new ChannelTable<>();
  private final Waker waker;
  private final long wakerHandle;

  /// Channels whose receive ended because the buffers ran out.
  private final ChannelList<UringChannel> starved = new ChannelList<>();

  private int open;
  private long turn;
  private boolean closed;

  /// A transport over a ring of its own.
  ///
  /// @param pool where receives get their mbufs
  /// @param timers shared with the loop
  /// @throws UnsupportedOperationException if the system has no usable io_uring
  public UringTransport(Kernel kernel, MbufPool pool, TimerWheel timers) {
    this.kernel = kernel;
    this.sockets = kernel.sockets();
    UringCalls calls =
        kernel.uring().orElseThrow(() -> new UnsupportedOperationException("no io_uring"));
    MemoryCalls memory = kernel.memory();
    this.ring = new UringRing(calls, memory, SUBMISSIONS, COMPLETIONS);
    this.pool = pool;
    this.clientBuffers = new UringBuffers(ring, memory, pool, 0);
    this.serverBuffers = new UringBuffers(ring, memory, pool, 1);
    this.reads = new ReadBuffer(pool);
    this.context = new TransportContext(kernel, timers);
    this.counts = context.counts();
    this.work = context.work();
    this.submissions = new UringSubmissions(kernel, ring, work);
    this.waker = new Waker(kernel);
    this.wakerHandle = table.add(this::wakerCompleted);
    watchWaker();
  }

  private void wakerCompleted(int operation, int result, int flags) {
    waker.drain();
    if ((flags & CQE_MORE) == 0 && result >= 0) {
      watchWaker();
    }
  }

  private void watchWaker() {
    submissions.watchWaker(waker.descriptor(), wakerHandle);
  }

  @Override
  public Listener listen(Address address, ListenOptions options, Acceptor acceptor)
      throws ListenException {
    checkOpen();
    ListenSocket socket = ListenSocket.open(kernel, addressPlace(), address, options);
    var listener = new UringListener(this, socket, options, acceptor);
    listener.registered(add(listener));
    return listener;
  }

  @Override
  public Channel connect(Address address, Channel.Handler handler) {
    checkOpen();
    var channel = new UringChannel(this, handler);
    channel.connect(address);
    return channel;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the transport is closed");
    }
  }

  /// Gives an entry a slot.
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

  // A turn.

  @Override
  public void outstanding(IntSupplier requests) {
    patience.outstanding(requests);
  }

  @Override
  public int await(int timeoutMillis) {
    checkOpen();
    submissions.closeDescriptors();
    boolean busy =
        work.isWaiting() || submissions.hasTries() || submissions.isClosing() || ring.ready() > 0;
    int least = busy ? 1 : patience.worthWaitingFor();
    int result = ring.await(busy ? 0 : timeoutMillis, least, Patience.MICROS);
    submissions.waited();
    counts.waits++;
    if (result < 0 && !UringRing.passing(result)) {
      throw new IllegalStateException("io_uring wait: " + Errno.of(result).text());
    }
    int ready = ring.ready();
    counts.events += ready;
    patience.waited(least, ready);
    return ready;
  }

  @Override
  public boolean deliver() {
    turn++;
    while (!closed && ring.ready() > 0) {
      long userData = ring.userData();
      int result = ring.result();
      int flags = ring.flags();
      ring.consume();
      dispatch(userData, result, flags);
      work.handled();
    }
    if (closed) {
      return false;
    }
    boolean overflowed = ring.overflowed();
    if (!overflowed) {
      submissions.settleTries();
    }
    work.deliverPending();
    work.serveRearmed();
    return overflowed;
  }

  private void dispatch(long userData, int result, int flags) {
    int operation = UringSubmissions.operationOf(userData);
    long handle = UringSubmissions.handleOf(userData);
    UringEntry entry = table.find(handle);
    if ((operation & UringSubmissions.CANCEL) != 0) {
      if (entry != null && result == Errno.EALREADY.result()) {
        // Caught at work (rule U4): a multishot request may go on afterwards.
        submissions.cancel(handle, operation & ~UringSubmissions.CANCEL);
      }
      return;
    }
    if (entry == null) {
      counts.staleEvents++;
      return;
    }
    entry.complete(operation, result, flags);
  }

  @Override
  public void flush() {
    if (closed) {
      return;
    }
    work.flush();
    if (ring.ready() == 0 && !ring.overflowed()) {
      // What this turn has submitted already need not wait for the next one.
      submissions.settleTries();
      work.flush();
    }
    feedStarved();
    clientBuffers.publish();
    serverBuffers.publish();
    submissions.closeDescriptors();
    work.endTurn();
  }

  // Buffers.

  /// Arms a receive, multishot as long as memory is plenty.
  void receive(int fd, long handle, boolean server) {
    UringBuffers buffers = buffers(server);
    if (buffers.count() == 0) {
      buffers.grow();
      buffers.publish();
    }
    // A multishot receive would fill many buffers before anybody is asked whether they are taken.
    int once = !server && pool.isScarce() ? pool.fairRead() : 0;
    submissions.receive(fd, handle, buffers.group(), once);
  }

  ReadBuffer reads() {
    return reads;
  }

  /// Where what a handler does not take is copied together when memory is scarce: each receive has
  /// an mbuf of its own, however little it brought.
  Mbuf leftovers(int bytes) {
    return pool.isScarce() && 2 * bytes <= pool.mbufBytes() ? reads.get() : null;
  }

  UringBuffers buffers(boolean server) {
    return server ? serverBuffers : clientBuffers;
  }

  /// A channel found its buffers gone: there are more from the next turn on.
  void starved(UringChannel channel, boolean server) {
    buffers(server).grow();
    starved.add(channel);
  }

  private void feedStarved() {
    for (UringChannel channel = starved.poll(); channel != null; channel = starved.poll()) {
      channel.receiveAgain();
    }
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
    counts.mbufsHeld = clientBuffers.count() + serverBuffers.count() + reads.count();
    return counts;
  }

  /// Also waits until the kernel has let go of every buffer, which it may be writing to. When the
  /// thread that waited on the ring has ended, the kernel did so then.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    work.close(table);
    closed = true;
    if (ring.isOurs()) {
      submissions.closeDescriptors();
      letGo();
    }
    submissions.closeUnsubmitted();
    for (int slot = 0; slot < table.slotLimit(); slot++) {
      if (table.at(slot) instanceof UringChannel channel) {
        channel.abandon();
      }
    }
    waker.close();
    ring.close();
    clientBuffers.close();
    serverBuffers.close();
    reads.close();
    submissions.unmap();
  }

  private void letGo() {
    submissions.cancelAll();
    boolean wakerWatched = true;
    for (int i = 0; i < LAST_WAITS && (table.count() > 1 || wakerWatched); i++) {
      ring.await(ring.ready() > 0 ? 0 : 10);
      submissions.submitted();
      while (ring.ready() > 0) {
        long userData = ring.userData();
        int result = ring.result();
        int flags = ring.flags();
        ring.consume();
        if (UringSubmissions.handleOf(userData) == wakerHandle) {
          wakerWatched &= (flags & CQE_MORE) != 0;
        } else {
          dispatch(userData, result, flags);
        }
      }
      submissions.settleTries();
    }
  }

  Kernel kernel() {
    return kernel;
  }

  SocketCalls sockets() {
    return sockets;
  }

  TransportContext context() {
    return context;
  }

  UringSubmissions submissions() {
    return submissions;
  }

  /// Room for a socket address, until the next call.
  MemorySegment addressPlace() {
    return submissions.addressPlace();
  }

  /// Counts turns, for budgets.
  long turn() {
    return turn;
  }
}
