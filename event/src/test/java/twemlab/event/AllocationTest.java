package twemlab.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.backend.Transports;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;

/// The promise that a message through the loop is no garbage: bytes allocated by the loop's thread,
/// counted by the JVM, over an echo between connections of one loop.
final class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int CONNECTIONS = 4;

  /// Until the compiler has settled: a native call allocates in the interpreter.
  private static final long WARM_UP_MILLIS = 1_500;

  private static final int MESSAGES = 30_000;

  /// Sends back whatever comes, and counts it.
  private static final class Echo implements Channel.Handler {
    long messages;

    @Override
    public void onConnected(Channel channel) {}

    @Override
    public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
      messages++;
      mbuf.retain();
      channel.send(mbuf, from, to);
      return to;
    }

    @Override
    public void onWritable(Channel channel) {}

    @Override
    public void onEnd(Channel channel) {}

    @Override
    public void onClosed(Channel channel, Errno errno) {}
  }

  static List<Backend> backends() {
    List<Backend> chosen =
        List.of(EventBases.EPOLL, EventBases.POLL, Transports.IO_URING, Transports.NIO);
    return Backends.working(Kernels.host()).stream().filter(chosen::contains).toList();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void echoAllocatesNothing(Backend backend) throws Transport.ListenException {
    Kernel kernel = Kernels.host(backend);
    try (var pool = new MbufPool(kernel.memory(), 16 << 10)) {
      var timers = new TimerWheel(kernel.clock().monotonicNanos());
      var transport = backend.open(kernel, 1024, pool, timers);
      try (var loop = new EventLoop(kernel.clock(), transport, timers, 100)) {
        Echo echo = start(loop, pool);
        var timeout = new TimerWheel.Timer(_ -> {});
        long end = System.nanoTime() + WARM_UP_MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
          turns(loop, echo, timeout, 1_000);
        }
        // On a busy machine the compiler may need longer to settle.
        double least = Double.MAX_VALUE;
        for (int i = 0; i < 6 && least >= 0.01; i++) {
          least = Math.min(least, bytesPerMessage(loop, echo, timeout));
        }
        assertThat(least).as("bytes a message").isLessThan(0.01);
      }
    }
    kernel.close();
  }

  /// Connections of one loop to itself, each with a message that goes round for ever.
  private static Echo start(EventLoop loop, MbufPool pool) throws Transport.ListenException {
    Echo echo = new Echo();
    Transport transport = loop.transport();
    Transport.Listener listener =
        transport.listen(Address.loopback(0), Transport.ListenOptions.DEFAULT, _ -> echo);
    for (int i = 0; i < CONNECTIONS; i++) {
      Channel channel = transport.connect(listener.address(), echo);
      Mbuf mbuf = pool.take();
      mbuf.advance(100);
      channel.send(mbuf, 0, 100);
    }
    return echo;
  }

  /// Each turn moves a deadline, as a proxy does for each request.
  private static void turns(EventLoop loop, Echo echo, TimerWheel.Timer timeout, int messages) {
    long until = echo.messages + messages;
    while (echo.messages < until) {
      loop.runOnce();
      loop.timers().schedule(timeout, loop.now() + 400_000_000L);
    }
  }

  private static double bytesPerMessage(EventLoop loop, Echo echo, TimerWheel.Timer timeout) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    turns(loop, echo, timeout, MESSAGES);
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) MESSAGES;
  }
}
