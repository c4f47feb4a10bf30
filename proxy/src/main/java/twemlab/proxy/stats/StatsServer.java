package twemlab.proxy.stats;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import twemlab.event.Channel;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.mbuf.MbufWriter;

/// The statistics port: each client gets one line of JSON and the end of the stream; C counterparts
/// `stats_loop_callback`, `stats_send_rsp` (nc_stats.c) and `event_loop_stats`.
///
/// It is a loop of its own, with its own kernel and memory, so that a slow reader of statistics
/// cannot slow a request. Nothing that the client sends is looked at.
///
/// Anybody may ask, so it has a share of its own of what clients need: eight descriptors, and the
/// time for fifty answers a second. Who comes when the time is used up waits in the backlog, where
/// a connection has no descriptor yet. The line and the end of the stream are sent at once; who
/// does not take them is given up ([twemlab.event.Channel#closeDrained]), at the latest when a
/// ninth comes. So many connections that stay open shut no client out.
public final class StatsServer implements AutoCloseable {
  /// Connections at once; a part of [twemlab.proxy.conf.DescriptorNeeds#RESERVED].
  static final int CONNECTIONS_MAX = 8;

  /// Answers in a window of time.
  static final int ANSWERS_MAX = 5;

  private static final long WINDOW_NANOS = 100_000_000;

  /// The system's own limit is lower on many machines.
  private static final int BACKLOG = 512;

  private final Kernel kernel;
  private final MbufPool mbufs;
  private final MbufWriter writer;
  private final EventLoop loop;
  private final Stats stats;
  private final Supplier<StatsHeader> header;
  private final TimerWheel.Timer window = new TimerWheel.Timer(_ -> beginWindow());
  private Transport.Listener listener;
  private int answersInWindow;

  /// The oldest first.
  private final Deque<Channel> connections = new ArrayDeque<>();

  private StatsServer(Kernel kernel, Backend backend, Stats stats, Supplier<StatsHeader> header) {
    this.kernel = kernel;
    this.stats = stats;
    this.header = header;
    this.mbufs = new MbufPool(kernel.memory(), 4096);
    this.writer = new MbufWriter(mbufs);
    var timers = new TimerWheel(kernel.clock().monotonicNanos());
    var transport = backend.open(kernel, 16, mbufs, timers);
    this.loop = new EventLoop(kernel.clock(), transport, timers, -1);
  }

  /// Listens for clients of the statistics.
  ///
  /// @param kernel the caller's, for this server alone; closed with it
  /// @param header what the line says about the process, asked for each line
  /// @throws Transport.ListenException if the address cannot be had
  public static StatsServer open(
      Kernel kernel, Backend backend, Address address, Stats stats, Supplier<StatsHeader> header)
      throws Transport.ListenException {
    var server = new StatsServer(kernel, backend, stats, header);
    try {
      var options = new Transport.ListenOptions(BACKLOG, false, false, -1);
      server.listener = server.loop.transport().listen(address, options, server::answer);
    } catch (Transport.ListenException e) {
      server.close();
      throw e;
    }
    return server;
  }

  // tag::answer[]
  private Channel.Handler answer(Channel channel) {
    byte[] line = StatsJson.write(stats.snapshot(), header.get());
    MbufChain chain = new MbufChain();
    writer.append(chain, line);
    chain.sendTo(channel);
    channel.closeDrained();
    admitted(channel);
    return SILENT;
  }

  // end::answer[]

  /// One more has a place; the oldest gives up its own if there is none.
  private void admitted(Channel channel) {
    connections.removeIf(each -> each.descriptor() < 0);
    if (connections.size() == CONNECTIONS_MAX) {
      connections.remove().closeNow();
    }
    connections.add(channel);
    if (!window.scheduled()) {
      loop.timers().schedule(window, loop.now() + WINDOW_NANOS);
    }
    if (++answersInWindow == ANSWERS_MAX) {
      listener.pause();
    }
  }

  private void beginWindow() {
    answersInWindow = 0;
    listener.resume();
  }

  /// A drained channel makes no callback.
  private static final Channel.Handler SILENT =
      new Channel.Handler() {
        @Override
        public void onConnected(Channel channel) {}

        @Override
        public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
          return to;
        }

        @Override
        public void onWritable(Channel channel) {}

        @Override
        public void onEnd(Channel channel) {}

        @Override
        public void onClosed(Channel channel, Errno errno) {}
      };

  /// The address that is listened on.
  public Address address() {
    return listener.address();
  }

  /// The loop; it needs a thread of its own.
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void close() {
    writer.close();
    loop.close();
    mbufs.close();
    kernel.close();
  }
}
