package twemlab.event.readiness;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
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
import twemlab.event.kernel.SocketCalls;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.stream.ChannelTable;
import twemlab.event.stream.ListenSocket;
import twemlab.event.stream.ReadBuffer;
import twemlab.event.stream.ReadinessEntry;
import twemlab.event.stream.TransportContext;
import twemlab.event.stream.TurnWork;
import twemlab.event.stream.Waker;

/// twemproxy's way to move bytes: wait until a socket is ready, then read or write it; C
/// counterpart `core_core`, `core_recv`, `core_send` (nc_core.c).
///
/// It shares with [twemlab.event.nio.NioTransport] how that is done ([ReadinessChannel],
/// [ReadinessListener]) and with all transports what waits ([TurnWork]). Its own are the event base
/// and the table by which events find their channels.
public final class ReadinessTransport implements Transport {
  /// iovecs in one writev.
  static final int IOVEC_LIMIT = 128;

  private final Kernel kernel;
  private final SocketCalls sockets;
  private final Platform platform;
  private final MemoryCalls memory;
  private final EventBase base;
  private final ReadBuffer reads;
  private final TransportContext context;
  private final TransportCounts counts;
  private final TurnWork work;
  private final ChannelTable<ReadinessEntry> table = new ChannelTable<>();
  private final Waker waker;
  private final long wakerHandle;

  /// Room for the iovecs of a writev; a socket address needs less.
  private final MemorySegment scratch;

  private int ready;
  private boolean closed;

  /// A transport over an event base.
  ///
  /// @param openBase opens the event base that waits; it reports to the callback that it is given
  /// @param pool where reads get their mbufs
  /// @param timers shared with the loop
  public ReadinessTransport(
      Kernel kernel,
      Function<EventBase.Callback, EventBase> openBase,
      MbufPool pool,
      TimerWheel timers) {
    this.kernel = kernel;
    this.sockets = kernel.sockets();
    this.platform = kernel.platform();
    this.memory = kernel.memory();
    this.reads = new ReadBuffer(pool);
    this.context = new TransportContext(kernel, timers);
    this.counts = context.counts();
    this.work = context.work();
    this.base = openBase.apply(this::dispatch);
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
    var watched = new KernelListenSocket(this, socket, options, acceptor);
    var listener = new ReadinessListener(context, socket.address(), watched);
    int result = watched.watch(listener);
    if (result < 0) {
      throw new ListenException("watch", address, Errno.of(result));
    }
    return listener;
  }

  @Override
  public Channel connect(Address address, Channel.Handler handler) {
    checkOpen();
    var socket = new KernelSocket(this, -1);
    var channel = new ReadinessChannel(context, reads, socket, handler);
    channel.connect(address);
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
    new ReadinessChannel(context, reads, new KernelSocket(this, fd), null).accepted(acceptor);
  }

  @Override
  public int await(int timeoutMillis) {
    checkOpen();
    int result = base.await(work.isWaiting() ? 0 : timeoutMillis);
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
    work.deliverPending();
    work.serveRearmed();
    return ready >= base.batchLimit();
  }

  /// The callback of the event base.
  // tag::dispatch[]
  private void dispatch(long handle, int events) {
    ReadinessEntry entry = table.find(handle);
    if (entry == null) {
      counts.staleEvents++;
      return;
    }
    entry.onReady(events);
    work.handled();
  }

  // end::dispatch[]

  @Override
  public void flush() {
    work.flush();
    work.endTurn();
  }

  /// A descriptor was closed.
  void descriptorClosed() {
    work.descriptorClosed();
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
    base.deleteConnection(waker.descriptor(), wakerHandle);
    waker.close();
    base.close();
    reads.close();
    memory.unmap(scratch);
  }

  Kernel kernel() {
    return kernel;
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

  MemorySegment scratch() {
    return scratch;
  }
}
