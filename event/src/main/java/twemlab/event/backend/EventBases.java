package twemlab.event.backend;

import java.util.List;
import java.util.Optional;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.base.EpollEventBase;
import twemlab.event.base.EventBase;
import twemlab.event.base.EventPortEventBase;
import twemlab.event.base.KqueueEventBase;
import twemlab.event.base.PollEventBase;
import twemlab.event.base.SelectEventBase;
import twemlab.event.base.UringEventBase;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.KqueueCalls;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.readiness.ReadinessTransport;

/// The table of event bases, in order of preference; C counterpart `#ifdef` in nc_event.h, which
/// chooses one when twemproxy is compiled. This table is used at run time, like `eventops[]` of
/// libevent.
public enum EventBases implements Backend {
  /// [EpollEventBase], edge-triggered.
  EPOLL("epoll"),

  /// [EpollEventBase], level-triggered.
  EPOLL_LEVEL("epoll-level"),

  /// [KqueueEventBase].
  KQUEUE("kqueue"),

  /// [EventPortEventBase].
  EVENT_PORTS("event-ports"),

  /// [PollEventBase].
  POLL("poll"),

  /// [SelectEventBase].
  SELECT("select"),

  /// [UringEventBase].
  IO_URING_POLL("io_uring-poll");

  private final String backend;

  EventBases(String backend) {
    this.backend = backend;
  }

  /// The system calls that a base stands on, if the kernel has them.
  private Optional<?> mechanism(Kernel kernel) {
    return switch (this) {
      case EPOLL, EPOLL_LEVEL -> kernel.epoll();
      case KQUEUE -> kernel.kqueue();
      case EVENT_PORTS -> kernel.eventPorts();
      case POLL -> kernel.poll();
      case SELECT -> kernel.select();
      case IO_URING_POLL -> kernel.uring();
    };
  }

  @Override
  public boolean availableOn(Kernel kernel) {
    return mechanism(kernel).isPresent();
  }

  /// Opens a base on a kernel that has its mechanism.
  public EventBase open(Kernel kernel, int batch, EventBase.Callback callback) {
    MemoryCalls memory = kernel.memory();
    Platform platform = kernel.platform();
    return switch (this) {
      case EPOLL, EPOLL_LEVEL -> {
        EpollCalls calls = kernel.epoll().orElseThrow();
        yield new EpollEventBase(calls, memory, platform, this == EPOLL, batch, callback);
      }
      case KQUEUE -> {
        KqueueCalls calls = kernel.kqueue().orElseThrow();
        yield new KqueueEventBase(calls, memory, platform, batch, callback);
      }
      case EVENT_PORTS ->
          new EventPortEventBase(kernel.eventPorts().orElseThrow(), memory, batch, callback);
      case POLL -> new PollEventBase(kernel.poll().orElseThrow(), memory, platform, callback);
      case SELECT -> new SelectEventBase(kernel.select().orElseThrow(), memory, callback);
      case IO_URING_POLL ->
          new UringEventBase(kernel.uring().orElseThrow(), memory, platform, callback);
    };
  }

  @Override
  public Transport open(Kernel kernel, int batch, MbufPool pool, TimerWheel timers) {
    return new ReadinessTransport(kernel, callback -> open(kernel, batch, callback), pool, timers);
  }

  @Override
  public String backend() {
    return backend;
  }

  /// The bases that a kernel has, the preferred one first.
  public static List<EventBases> on(Kernel kernel) {
    return List.of(values()).stream().filter(base -> base.availableOn(kernel)).toList();
  }

  /// The base of a name, if a kernel has it.
  public static Optional<EventBases> byName(Kernel kernel, String backend) {
    return on(kernel).stream().filter(base -> base.backend.equals(backend)).findFirst();
  }
}
