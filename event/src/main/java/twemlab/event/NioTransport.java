package twemlab.event;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;

/// The way of [ReadinessTransport] on the channels and the selector of java.nio: for any system
/// that has a JDK, and where native access is denied.
///
/// It is the one transport that does not go through [Kernel] for its sockets, so it cannot be
/// simulated; of the kernel it takes memory, time and the files of unix sockets. What is different
/// from a level-triggered event base:
///
/// - A selector tells of readiness for what was asked and of nothing else. A peer that is gone is
///   found out by reading or writing, as with select(2): while reading is paused, nobody notices.
/// - Keys carry the connection, so an event finds it without a handle.
/// - Several ranges are copied together before they are written. A gathering write would need a
///   buffer object for each range, and two ranges of an mbuf cannot share one.
/// - Descriptors are hidden; connections are numbered by the lowest free number instead.
public final class NioTransport implements Transport {
  /// Connections handled between two flushes.
  private static final int FLUSH_INTERVAL = 64;

  /// The most bytes that are copied together for one write.
  private static final int STAGING_BYTES = 64 << 10;

  private final Kernel kernel;
  private final NioCalls calls;
  private final MemoryCalls memory;
  private final MbufPool pool;
  private final TimerWheel timers;
  private final Selector selector;
  private final TransportCounts counts = new TransportCounts();
  private final ChannelTable<ReadinessEntry> table = new ChannelTable<>();
  private final MemorySegment staging;
  private final ByteBuffer stagingBuffer;
  private final ChannelList<NioChannel> dirtyServers = new ChannelList<>();
  private final ChannelList<NioChannel> dirtyClients = new ChannelList<>();
  private final ChannelList<NioChannel> pending = new ChannelList<>();

  /// One object for all waits.
  private final Consumer<SelectionKey> collector = this::collect;

  /// What the last wait found, and for which operations.
  private ReadinessEntry[] found = new ReadinessEntry[64];

  private int[] operations = new int[64];
  private int foundCount;

  /// Served in this turn, put there in earlier ones.
  private ReadinessEntry[] due = new ReadinessEntry[64];

  private int dueCount;

  /// To be served in the next turn.
  private ReadinessEntry[] rearmed = new ReadinessEntry[64];

  private int rearmedCount;
  private NioListener[] starving = new NioListener[0];

  /// The selector was asked to wake, and no wait has returned since.
  private final AtomicBoolean rung = new AtomicBoolean();

  private Mbuf current;
  private int sinceFlush;
  private boolean flushSoon;
  private boolean closed;

  /// A transport on the system's default selector.
  ///
  /// @param kernel for memory, time and files
  /// @param pool where reads get their mbufs
  /// @param timers shared with the loop
  public NioTransport(Kernel kernel, MbufPool pool, TimerWheel timers) {
    this(kernel, new NioCalls(kernel.counts()), pool, timers);
  }

  NioTransport(Kernel kernel, NioCalls calls, MbufPool pool, TimerWheel timers) {
    this.kernel = kernel;
    this.calls = calls;
    this.memory = kernel.memory();
    this.pool = pool;
    this.timers = timers;
    try {
      this.selector = calls.openSelector();
    } catch (IOException e) {
      throw new IllegalStateException("open a selector: " + NioErrors.of(e).text(), e);
    }
    this.staging = memory.map(STAGING_BYTES);
    this.stagingBuffer = staging.asByteBuffer();
  }

  @Override
  public Listener listen(Address address, ListenOptions options, Acceptor acceptor)
      throws ListenException {
    checkOpen();
    return NioListener.open(this, kernel, address, options, acceptor);
  }

  @Override
  public Channel connect(Address address, Channel.Handler handler) {
    checkOpen();
    var channel = new NioChannel(this, handler, true);
    channel.connect(address);
    return channel;
  }

  /// After the close the memory is gone.
  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the transport is closed");
    }
  }

  /// Makes a channel of an accepted connection.
  void adopt(SocketChannel socket, Acceptor acceptor) {
    var channel = new NioChannel(this, null, false);
    if (!channel.accepted(socket)) {
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
    foundCount = 0;
    int result = calls.select(selector, collector, busy ? 0 : timeoutMillis);
    counts.waits++;
    if (result < 0 && result != Errno.EINTR.result()) {
      throw new IllegalStateException("nio wait: " + Errno.of(result).text());
    }
    int events = foundCount;
    // Lowered after the wait and before the tasks of this turn are looked at: a ring that finds the
    // flag up belongs to a task that this turn will see.
    if (result >= 0 && rung.getAndSet(false)) {
      events++;
    }
    counts.events += events;
    return events;
  }

  /// Called by the selector for each key that is ready.
  private void collect(SelectionKey key) {
    if (foundCount == found.length) {
      found = Arrays.copyOf(found, foundCount * 2);
      operations = Arrays.copyOf(operations, foundCount * 2);
    }
    found[foundCount] = (ReadinessEntry) key.attachment();
    operations[foundCount++] = key.readyOps();
  }

  /// A selector has no limit of events: nothing is left behind.
  @Override
  public boolean deliver() {
    int count = foundCount;
    foundCount = 0;
    for (int i = 0; i < count; i++) {
      ReadinessEntry entry = found[i];
      found[i] = null;
      entry.onReady(operations[i]);
      if (flushSoon || ++sinceFlush >= FLUSH_INTERVAL) {
        flushNow();
      }
    }
    deliverPending();
    serveRearmed();
    return false;
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
  void later(NioChannel channel) {
    pending.add(channel);
  }

  private void deliverPending() {
    for (NioChannel channel = pending.poll(); channel != null; channel = pending.poll()) {
      channel.deliverPending();
    }
  }

  /// Has a channel written at the next flush.
  void dirty(NioChannel channel, boolean server) {
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

  private static void write(ChannelList<NioChannel> dirty) {
    for (NioChannel channel = dirty.poll(); channel != null; channel = dirty.poll()) {
      channel.write();
    }
  }

  /// The next bytes of a queue, for one write.
  ByteBuffer next(SendQueue queue) {
    if (queue.count() == 1) {
      return queue.firstMbuf().buffer(queue.firstFrom(), queue.firstTo());
    }
    return stagingBuffer.limit(queue.copy(staging, STAGING_BYTES)).position(0);
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
  void starving(NioListener listener) {
    starving = Arrays.copyOf(starving, starving.length + 1);
    starving[starving.length - 1] = listener;
  }

  /// A listener waits no longer.
  void fed(NioListener listener) {
    starving =
        Arrays.stream(starving).filter(other -> other != listener).toArray(NioListener[]::new);
  }

  /// A descriptor was closed, or will be with the next wait, after which the listeners try.
  void descriptorClosed() {
    if (starving.length > 0) {
      for (NioListener listener : starving) {
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
    if (!rung.getAndSet(true)) {
      calls.wakeup(selector);
    }
  }

  @Override
  public int openCount() {
    return table.count();
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
        case NioChannel channel -> channel.closeNow();
        case NioListener listener -> listener.close();
        case null, default -> {}
      }
    }
    for (NioChannel channel = pending.poll(); channel != null; channel = pending.poll()) {
      channel.closeNow();
    }
    // Also closes the descriptors of the channels, which were waiting for the selector.
    calls.close(selector);
    if (current != null) {
      current.release();
      current = null;
    }
    memory.unmap(staging);
  }

  NioCalls calls() {
    return calls;
  }

  Selector selector() {
    return selector;
  }

  Platform platform() {
    return kernel.platform();
  }

  ChannelTable<ReadinessEntry> table() {
    return table;
  }

  TimerWheel timers() {
    return timers;
  }

  long timeNow() {
    return kernel.clock().monotonicNanos();
  }
}
