package twemlab.proxy.process;

import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.MbufPool;
import twemlab.proxy.Context;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.log.Log;

/// A proxy put together: kernel, event base, loop and context; C counterpart `struct instance`
/// (nc_core.h) after `core_start`.
///
/// It owns no thread: the thread that calls [EventLoop#runOnce] on [#loop] is the loop's, be it a
/// [LoopThread] or a simulator.
public final class Instance implements AutoCloseable {
  /// The most events that one wait reports; `EVENT_SIZE` of nc_event.h.
  private static final int EVENT_BATCH = 1024;

  private final Kernel kernel;
  private final MbufPool mbufs;
  private final EventLoop loop;
  private final Context context;

  private Instance(Kernel kernel, MbufPool mbufs, EventLoop loop, Context context) {
    this.kernel = kernel;
    this.mbufs = mbufs;
    this.loop = loop;
    this.context = context;
  }

  /// Builds a proxy and has it listen.
  ///
  /// @throws Transport.ListenException if an address cannot be had; nothing is left open then
  public static Instance open(
      Kernel kernel,
      Backend backend,
      int longestWaitMillis,
      Conf conf,
      Context.Settings settings,
      Log log)
      throws Transport.ListenException {
    Instance instance = build(kernel, backend, longestWaitMillis, conf, settings, log);
    try {
      instance.context.start();
    } catch (Transport.ListenException e) {
      instance.close();
      throw e;
    }
    return instance;
  }

  /// Builds a proxy that does not listen yet: [Context#start] has it do so.
  ///
  /// @param kernel the caller's, for this instance alone; closed with it
  /// @param longestWaitMillis the limit of a wait (`-i`)
  public static Instance build(
      Kernel kernel,
      Backend backend,
      int longestWaitMillis,
      Conf conf,
      Context.Settings settings,
      Log log) {
    // tag::open[]
    var timers = new TimerWheel(kernel.clock().monotonicNanos());
    var mbufs = new MbufPool(kernel.memory(), settings.mbufBytes(), settings.memory().mbufs());
    var transport = backend.open(kernel, EVENT_BATCH, mbufs, timers);
    var loop = new EventLoop(kernel.clock(), transport, timers, longestWaitMillis);
    var instance =
        new Instance(kernel, mbufs, loop, new Context(kernel, loop, mbufs, conf, settings, log));
    // end::open[]
    return instance;
  }

  /// The loop; one call of its `runOnce` is one turn of the proxy.
  public EventLoop loop() {
    return loop;
  }

  /// Pools and statistics.
  public Context context() {
    return context;
  }

  /// The memory of requests and replies.
  public MbufPool mbufs() {
    return mbufs;
  }

  /// What this instance asks of the outside, with its counts.
  public Kernel kernel() {
    return kernel;
  }

  @Override
  public void close() {
    context.close();
    mbufs.close();
    kernel.close();
  }
}
