package twemlab.event.backend;

import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.nio.NioTransport;
import twemlab.event.uring.UringTransport;

/// The transports that need no event base.
public enum Transports implements Backend {
  /// [UringTransport].
  IO_URING("io_uring") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.uring().isPresent();
    }

    @Override
    public Transport open(Kernel kernel, int batch, MbufPool pool, TimerWheel timers) {
      return new UringTransport(kernel, pool, timers);
    }
  },
  /// [NioTransport].
  NIO("nio") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.hasJavaNio();
    }

    @Override
    public Transport open(Kernel kernel, int batch, MbufPool pool, TimerWheel timers) {
      return new NioTransport(kernel, pool, timers);
    }
  };

  private final String backend;

  Transports(String backend) {
    this.backend = backend;
  }

  @Override
  public String backend() {
    return backend;
  }
}
