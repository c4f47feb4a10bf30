package twemlab.event.nio;

import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import twemlab.event.Channel;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.TransportCounts;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.readiness.ReadinessChannel;
import twemlab.event.readiness.ReadinessListener;
import twemlab.event.stream.ChannelTable;
import twemlab.event.stream.ReadBuffer;
import twemlab.event.stream.ReadinessEntry;
import twemlab.event.stream.SendQueue;
import twemlab.event.stream.TransportContext;
import twemlab.event.stream.TurnWork;

/// The way of [twemlab.event.readiness.ReadinessTransport] on the channels and the selector of
/// java.nio: for any system that has a JDK, and where native access is denied.
///
/// It is the one transport that does not go through [Kernel] for its sockets, so it cannot be
/// simulated; of the kernel it takes memory, time and the files of unix sockets. What is different
/// from a level-triggered event base:
///
/// - A selector reports readiness for what was asked and nothing else. A peer that is gone is found
///   out by reading or writing, as with select(2): while reading is paused, it is not noticed.
/// - Keys carry the connection, so an event finds it without a handle.
/// - Several ranges are copied together before they are written. A gathering write would need a
///   buffer object for each range, and two ranges of an mbuf cannot share one.
/// - Descriptors are hidden; connections are numbered by the lowest free number instead.
public final class NioTransport implements Transport {
  /// The most bytes that are copied together for one write.
  static final int STAGING_BYTES = 64 << 10;

  private final Kernel kernel;
  private final NioCalls calls;
  private final MemoryCalls memory;
  private final ReadBuffer reads;
  private final Selector selector;
  private final TransportContext context;
  private final TransportCounts counts;
  private final TurnWork work;
  private final ChannelTable<ReadinessEntry> table = new ChannelTable<>();
  private final MemorySegment staging;
  private final ByteBuffer stagingBuffer;

  /// One object for all waits.
  private final Consumer<SelectionKey> collector = this::collect;

  /// What the last wait found, and for which operations.
  private SelectionKey[] found = new SelectionKey[64];

  private int[] operations = new int[64];
  private int foundCount;

  /// The selector was asked to wake, and no wait has returned since.
  private final AtomicBoolean rung = new AtomicBoolean();

  private boolean closed;

  /// A transport on the system's default selector.
  ///
  /// @param kernel for memory, time and files
  /// @param pool where reads get their mbufs
  /// @param timers shared with the loop
  public NioTransport(Kernel kernel, MbufPool pool, TimerWheel timers) {
    this(kernel, new NioCalls(kernel.counts()), pool, timers);
  }

  public NioTransport(Kernel kernel, NioCalls calls, MbufPool pool, TimerWheel timers) {
    this.kernel = kernel;
    this.calls = calls;
    this.memory = kernel.memory();
    this.reads = new ReadBuffer(pool);
    this.context = new TransportContext(kernel, timers);
    this.counts = context.counts();
    this.work = context.work();
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
    var socket = NioListenSocket.open(this, kernel, address, options, acceptor);
    var listener = new ReadinessListener(context, socket.address(), socket);
    socket.watch(listener);
    return listener;
  }

  @Override
  public Channel connect(Address address, Channel.Handler handler) {
    checkOpen();
    var channel = new ReadinessChannel(context, reads, new NioSocket(this, null), handler);
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
    new ReadinessChannel(context, reads, new NioSocket(this, socket), null).accepted(acceptor);
  }

  @Override
  public int await(int timeoutMillis) {
    checkOpen();
    foundCount = 0;
    int result = calls.select(selector, collector, work.isWaiting() ? 0 : timeoutMillis);
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
    found[foundCount] = key;
    operations[foundCount++] = key.readyOps();
  }

  /// A selector has no limit of events: nothing is left behind.
  @Override
  public boolean deliver() {
    int count = foundCount;
    foundCount = 0;
    for (int i = 0; i < count; i++) {
      SelectionKey key = found[i];
      found[i] = null;
      if (key.isValid()) {
        ((ReadinessEntry) key.attachment()).onReady(events(operations[i]));
        work.handled();
      } else {
        // Its socket was closed earlier in the batch.
        counts.staleEvents++;
      }
    }
    work.deliverPending();
    work.serveRearmed();
    return false;
  }

  private static int events(int operations) {
    return ((operations & (OP_READ | OP_ACCEPT)) != 0 ? EventBase.READ : 0)
        | ((operations & (OP_WRITE | OP_CONNECT)) != 0 ? EventBase.WRITE : 0);
  }

  @Override
  public void flush() {
    work.flush();
    work.endTurn();
  }

  /// The next bytes of a queue, for one write of at most so many.
  ByteBuffer next(SendQueue queue, int most) {
    if (queue.count() == 1) {
      int from = queue.firstFrom();
      return queue.firstMbuf().buffer(from, Math.min(queue.firstTo(), from + most));
    }
    return stagingBuffer.limit(queue.copy(staging, Math.min(most, STAGING_BYTES))).position(0);
  }

  /// A descriptor was closed, or will be with the next wait, after which the listeners try.
  void descriptorClosed() {
    work.descriptorClosed();
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
    counts.mbufsHeld = reads.count();
    return counts;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    work.close(table);
    // Also closes the descriptors of the channels, which were waiting for the selector.
    calls.close(selector);
    reads.close();
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
}
