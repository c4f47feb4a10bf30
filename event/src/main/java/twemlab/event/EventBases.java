package twemlab.event;

import java.util.List;
import java.util.Optional;
import twemlab.event.kernel.Kernel;

/// The table of event bases, in order of preference; C counterpart the `#ifdef`s of nc_event.h, at
/// run time (libevent's `eventops[]`).
public enum EventBases implements Backend {
  /// [EpollEventBase], edge-triggered.
  EPOLL("epoll") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.epoll().isPresent();
    }

    @Override
    EventBase open(Kernel kernel, int batch, EventBase.Callback callback) {
      return new EpollEventBase(
          kernel.epoll().orElseThrow(), kernel.memory(), kernel.platform(), true, batch, callback);
    }
  },
  /// [EpollEventBase], level-triggered.
  EPOLL_LEVEL("epoll-level") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.epoll().isPresent();
    }

    @Override
    EventBase open(Kernel kernel, int batch, EventBase.Callback callback) {
      return new EpollEventBase(
          kernel.epoll().orElseThrow(), kernel.memory(), kernel.platform(), false, batch, callback);
    }
  },
  /// [KqueueEventBase].
  KQUEUE("kqueue") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.kqueue().isPresent();
    }

    @Override
    EventBase open(Kernel kernel, int batch, EventBase.Callback callback) {
      return new KqueueEventBase(
          kernel.kqueue().orElseThrow(), kernel.memory(), kernel.platform(), batch, callback);
    }
  },
  /// [EventPortEventBase].
  EVENT_PORTS("event-ports") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.eventPorts().isPresent();
    }

    @Override
    EventBase open(Kernel kernel, int batch, EventBase.Callback callback) {
      return new EventPortEventBase(
          kernel.eventPorts().orElseThrow(), kernel.memory(), batch, callback);
    }
  },
  /// [PollEventBase].
  POLL("poll") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.poll().isPresent();
    }

    @Override
    EventBase open(Kernel kernel, int batch, EventBase.Callback callback) {
      return new PollEventBase(
          kernel.poll().orElseThrow(), kernel.memory(), kernel.platform(), callback);
    }
  },
  /// [SelectEventBase].
  SELECT("select") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.select().isPresent();
    }

    @Override
    EventBase open(Kernel kernel, int batch, EventBase.Callback callback) {
      return new SelectEventBase(kernel.select().orElseThrow(), kernel.memory(), callback);
    }
  },
  /// [UringEventBase].
  IO_URING_POLL("io_uring-poll") {
    @Override
    public boolean availableOn(Kernel kernel) {
      return kernel.uring().isPresent();
    }

    @Override
    EventBase open(Kernel kernel, int batch, EventBase.Callback callback) {
      return new UringEventBase(
          kernel.uring().orElseThrow(), kernel.memory(), kernel.platform(), callback);
    }
  };

  private final String backend;

  EventBases(String backend) {
    this.backend = backend;
  }

  abstract EventBase open(Kernel kernel, int batch, EventBase.Callback callback);

  @Override
  public Transport open(Kernel kernel, int batch, MbufPool pool, TimerWheel timers) {
    return new ReadinessTransport(kernel, this, batch, pool, timers);
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
