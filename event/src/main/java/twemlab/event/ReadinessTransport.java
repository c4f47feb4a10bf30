package twemlab.event;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// twemproxy's way to move bytes: wait until a socket is ready, then read or write it.
///
/// Reads of all connections share one current mbuf. Most requests are small and leave in the turn
/// in which they came, so that buffer is empty, and warm in the cache, again at the next read; an
/// idle connection holds none.
///
/// What cannot be finished waits in one of three lists: *dirty* (something to send; servers and
/// clients apart), *re-arm* (a budget stopped the reading; served next turn, without a wait), and
/// *pending* (an upcall owed since a downcall). Who is on the re-arm list is served from it alone,
/// after the fresh events, so that nobody has two budgets in a turn.
public final class ReadinessTransport implements Transport {
  /// Connections handled between two flushes, so that the first of a large batch are not answered
  /// last.
  private static final int FLUSH_INTERVAL = 64;

  /// iovecs in one writev.
  static final int IOVEC_LIMIT = 128;

  private final Kernel kernel;
  private final SocketCalls sockets;
  private final Platform platform;
  private final MemoryCalls memory;
  private final EventBase base;
  private final MbufPool pool;
  private final TimerWheel timers;
  private final TransportCounts counts = new TransportCounts();
  private final ChannelTable<ReadinessEntry> table = new ChannelTable<>();
  private final Waker waker;
  private final long wakerHandle;

  /// Room for the iovecs of a writev; a socket address needs less.
  private final MemorySegment scratch;

  private final ChannelList<ReadinessChannel> dirtyServers = new ChannelList<>();
  private final ChannelList<ReadinessChannel> dirtyClients = new ChannelList<>();
  private final ChannelList<ReadinessChannel> pending = new ChannelList<>();

  /// Served in this turn, put there in earlier ones.
  private ReadinessEntry[] due = new ReadinessEntry[64];

  private int dueCount;

  /// To be served in the next turn.
  private ReadinessEntry[] rearmed = new ReadinessEntry[64];

  private int rearmedCount;
  private ReadinessListener[] starving = new ReadinessListener[0];
  private Mbuf current;
  private int ready;
  private int sinceFlush;
  private boolean flushSoon;
  private boolean closed;

  /// A transport over an event base.
  ///
  /// @param eventBase which of the kernel's mechanisms waits
  /// @param batch the most events that one wait reports (twemproxy: 1024)
  /// @param pool where reads get their mbufs
  /// @param timers shared with the loop
  public ReadinessTransport(
      Kernel kernel, EventBases eventBase, int batch, MbufPool pool, TimerWheel timers) {
    this.kernel = kernel;
    this.sockets = kernel.sockets();
    this.platform = kernel.platform();
    this.memory = kernel.memory();
    this.pool = pool;
    this.timers = timers;
    this.base = eventBase.open(kernel, batch, this::dispatch);
    this.scratch = memory.map((long) IOVEC_LIMIT * Platform.IOVEC_SIZE);
    this.waker = new Waker(kernel);
    this.wakerHandle = table.add(waker);
    check("watch the waker", base.addConnection(waker.descriptor(), wakerHandle));
  }

  private static void check(String what, int result) {
    if (result < 0) {
      throw new IllegalStateException(what + ": " + Errno.of(result).text());
    }
  }

  @Override
  public Listener listen(Address address, ListenOptions options, Acceptor acceptor)
      throws ListenException {
    checkOpen();
    ListenSocket socket = ListenSocket.open(kernel, scratch, address, options);
    int fd = socket.descriptor();
    var listener = new ReadinessListener(this, socket.address(), fd, options, acceptor);
    long handle = table.add(listener);
    listener.registered(handle);
    int result = base.addConnection(fd, handle);
    if (result < 0) {
      table.remove(handle);
      sockets.close(fd);
      throw new ListenException("watch", address, Errno.of(result));
    }
    return listener;
  }

  @Override
  public Channel connect(Address address, Channel.Handler handler) {
    checkOpen();
    var channel = new ReadinessChannel(this, handler, true);
    channel.connect(address, scratch);
    return channel;
  }

  /// After the close the memory is gone, and a touch of it would end the process without a word.
  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the transport is closed");
    }
  }

  /// Makes a channel of an accepted descriptor.
  void adopt(int fd, Acceptor acceptor) {
    var channel = new ReadinessChannel(this, null, false);
    if (!channel.accepted(fd)) {
      counts.acceptsSkipped++;
      return;
    }
    counts.accepted++;
    Channel.Handler handler = acceptor.onAccepted(channel);
    if (handler == null) {
      channel.closeNow();
    } else {
      channel.handledBy(handler);
    }
  }

  @Override
  public int await(int timeoutMillis) {
    checkOpen();
    boolean busy = dueCount + rearmedCount > 0 || !pending.isEmpty() || !dirtyIsEmpty();
    int result = base.await(busy ? 0 : timeoutMillis);
    counts.waits++;
    if (result < 0 && result != Errno.EINTR.result()) {
      throw new IllegalStateException(base.name() + " wait: " + Errno.of(result).text());
    }
    ready = Math.max(result, 0);
    counts.events += ready;
    return ready;
  }

  @Override
  public boolean deliver() {
    base.dispatch();
    deliverPending();
    serveRearmed();
    return ready >= base.batchLimit();
  }

  /// The callback of the event base.
  private void dispatch(long handle, int events) {
    ReadinessEntry entry = table.find(handle);
    if (entry == null) {
      counts.staleEvents++;
      return;
    }
    entry.onReady(events);
    if (flushSoon || ++sinceFlush >= FLUSH_INTERVAL) {
      flushNow();
    }
  }

  private void serveRearmed() {
    int count = dueCount;
    dueCount = 0;
    for (int i = 0; i < count; i++) {
      ReadinessEntry entry = due[i];
      due[i] = null;
      entry.onRearmed();
      if (flushSoon) {
        flushNow();
      }
    }
  }

  /// Has an entry served in the next turn, which will not wait.
  void rearm(ReadinessEntry entry) {
    if (rearmedCount == rearmed.length) {
      rearmed = Arrays.copyOf(rearmed, rearmedCount * 2);
    }
    rearmed[rearmedCount++] = entry;
  }

  /// Has a channel deliver what it owes, later in this turn.
  void later(ReadinessChannel channel) {
    pending.add(channel);
  }

  private void deliverPending() {
    for (ReadinessChannel channel = pending.poll(); channel != null; channel = pending.poll()) {
      channel.deliverPending();
    }
  }

  /// Has a channel written at the next flush.
  void dirty(ReadinessChannel channel, boolean server) {
    (server ? dirtyServers : dirtyClients).add(channel);
  }

  /// Has the dirty channels written before the rest of the batch.
  void flushSoon() {
    flushSoon = true;
  }

  /// Also ends the turn: who was put on the re-arm list is served in the next one.
  @Override
  public void flush() {
    flushNow();
    if (dueCount == 0) {
      ReadinessEntry[] served = due;
      due = rearmed;
      rearmed = served;
      dueCount = rearmedCount;
      rearmedCount = 0;
    }
  }

  private void flushNow() {
    flushSoon = false;
    sinceFlush = 0;
    do {
      deliverPending();
      write(dirtyServers);
      write(dirtyClients);
    } while (!dirtyIsEmpty() || !pending.isEmpty());
    flushSoon = false;
  }

  private boolean dirtyIsEmpty() {
    return dirtyServers.isEmpty() && dirtyClients.isEmpty();
  }

  private static void write(ChannelList<ReadinessChannel> dirty) {
    for (ReadinessChannel channel = dirty.poll(); channel != null; channel = dirty.poll()) {
      channel.write();
    }
  }

  /// The mbuf to read into, with at least half its bytes free.
  Mbuf readBuffer() {
    if (current != null) {
      if (current.references() == 1) {
        current.rewind();
      } else if (current.room() < current.capacity() / 2) {
        current.release();
        current = null;
      }
    }
    if (current == null) {
      current = pool.take();
    }
    return current;
  }

  /// A listener waits for a descriptor to be closed.
  void starving(ReadinessListener listener) {
    starving = Arrays.copyOf(starving, starving.length + 1);
    starving[starving.length - 1] = listener;
  }

  /// A listener waits no longer.
  void fed(ReadinessListener listener) {
    starving =
        Arrays.stream(starving)
            .filter(other -> other != listener)
            .toArray(ReadinessListener[]::new);
  }

  /// A descriptor was closed.
  void descriptorClosed() {
    if (starving.length > 0) {
      for (ReadinessListener listener : starving) {
        listener.feed();
      }
    }
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
    return table.count() - 1;
  }

  @Override
  public TransportCounts counts() {
    counts.mbufsHeld = current == null ? 0 : 1;
    return counts;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (int slot = 0; slot < table.slotLimit(); slot++) {
      switch (table.at(slot)) {
        case ReadinessChannel channel -> channel.closeNow();
        case ReadinessListener listener -> listener.close();
        case null, default -> {}
      }
    }
    for (ReadinessChannel channel = pending.poll(); channel != null; channel = pending.poll()) {
      channel.closeNow();
    }
    base.deleteConnection(waker.descriptor(), wakerHandle);
    waker.close();
    base.close();
    if (current != null) {
      current.release();
      current = null;
    }
    memory.unmap(scratch);
  }

  SocketCalls sockets() {
    return sockets;
  }

  Platform platform() {
    return platform;
  }

  EventBase base() {
    return base;
  }

  ChannelTable<ReadinessEntry> table() {
    return table;
  }

  TimerWheel timers() {
    return timers;
  }

  MemorySegment iovecs() {
    return scratch;
  }

  long timeNow() {
    return kernel.clock().monotonicNanos();
  }
}
