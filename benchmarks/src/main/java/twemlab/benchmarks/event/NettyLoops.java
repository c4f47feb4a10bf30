package twemlab.benchmarks.event;

import io.netty.channel.ManualIoEventLoop;
import java.util.concurrent.TimeUnit;

/// Loops of Netty that the benchmark's own thread drives.
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in the pairs
final class NettyLoops {
  private NettyLoops() {}

  /// Closes what is registered, and the loop.
  static void close(ManualIoEventLoop loop) {
    loop.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
    while (!loop.isTerminated()) {
      loop.runNow();
    }
  }
}
