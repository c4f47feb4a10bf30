package twemlab.sim.run.demo;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.mbuf.MbufWriter;
import twemlab.proxy.process.LoopThread;

/// A loop on the real kernel, with a thread of its own once it is [started][#start]: what the
/// demo's servers and clients run in.
public final class HostLoop implements AutoCloseable {
  private static final int MBUF_BYTES = 16 * 1024;
  private static final int EVENT_BATCH = 256;

  private final Kernel kernel = Kernels.host();
  private final MbufPool mbufs = new MbufPool(kernel.memory(), MBUF_BYTES);
  private final MbufWriter writer = new MbufWriter(mbufs);
  private final EventLoop loop;
  private LoopThread thread;

  public HostLoop() {
    var timers = new TimerWheel(kernel.clock().monotonicNanos());
    EventBases base = EventBases.on(kernel).getFirst();
    Transport transport = base.open(kernel, EVENT_BATCH, mbufs, timers);
    loop = new EventLoop(kernel.clock(), transport, timers, -1);
  }

  public EventLoop loop() {
    return loop;
  }

  Kernel kernel() {
    return kernel;
  }

  /// Queues bytes into a chain; the loop's thread only.
  void append(MbufChain chain, byte[] bytes, int from, int to) {
    writer.append(chain, bytes, from, to);
  }

  /// Has a thread run the loop from now on.
  public void start(String name) {
    thread = LoopThread.start(loop, name);
  }

  /// What ended the loop's thread before its time, or null.
  Throwable failure() {
    return thread.failure();
  }

  /// Asks something of a running loop, on its thread, and waits for the answer.
  public static <T> T ask(EventLoop running, Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, running::post).join();
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.close();
    }
    writer.close();
    loop.close();
    mbufs.close();
    kernel.close();
  }
}
