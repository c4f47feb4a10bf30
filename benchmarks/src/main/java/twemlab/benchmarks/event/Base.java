package twemlab.benchmarks.event;

import twemlab.event.base.EpollEventBase;
import twemlab.event.base.EventBase;
import twemlab.event.base.EventPortEventBase;
import twemlab.event.base.KqueueEventBase;
import twemlab.event.base.PollEventBase;
import twemlab.event.base.SelectEventBase;
import twemlab.event.base.UringEventBase;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Platform;

/// The event bases of this project, opened without the transport that they usually stand under.
public enum Base {
  /// Edge-triggered.
  EPOLL("epoll", Platform.LINUX_X64) {
    @Override
    EventBase open(Kernel kernel, EventBase.Callback callback) {
      return epoll(kernel, true, callback);
    }
  },
  /// Level-triggered.
  EPOLL_LEVEL("epoll-level", Platform.LINUX_X64) {
    @Override
    EventBase open(Kernel kernel, EventBase.Callback callback) {
      return epoll(kernel, false, callback);
    }
  },
  /// Simulated here.
  KQUEUE("kqueue", Platform.FREEBSD) {
    @Override
    EventBase open(Kernel kernel, EventBase.Callback callback) {
      return new KqueueEventBase(
          kernel.kqueue().orElseThrow(), kernel.memory(), kernel.platform(), BATCH, callback);
    }
  },
  /// Simulated here.
  EVENT_PORTS("event-ports", Platform.ILLUMOS) {
    @Override
    EventBase open(Kernel kernel, EventBase.Callback callback) {
      return new EventPortEventBase(
          kernel.eventPorts().orElseThrow(), kernel.memory(), BATCH, callback);
    }
  },
  /// All descriptors at each wait.
  POLL("poll", Platform.LINUX_X64) {
    @Override
    EventBase open(Kernel kernel, EventBase.Callback callback) {
      return new PollEventBase(
          kernel.poll().orElseThrow(), kernel.memory(), kernel.platform(), callback);
    }
  },
  /// Descriptors below 1024.
  SELECT("select", Platform.LINUX_X64) {
    @Override
    EventBase open(Kernel kernel, EventBase.Callback callback) {
      return new SelectEventBase(kernel.select().orElseThrow(), kernel.memory(), callback);
    }
  },
  /// Multishot poll.
  IO_URING_POLL("io_uring-poll", Platform.LINUX_X64) {
    @Override
    EventBase open(Kernel kernel, EventBase.Callback callback) {
      return new UringEventBase(
          kernel.uring().orElseThrow(), kernel.memory(), kernel.platform(), callback);
    }
  };

  /// Events of a wait: as many as nutcracker's loop takes (EVENT_SIZE).
  static final int BATCH = 1024;

  private final String backend;
  private final Platform platform;

  Base(String backend, Platform platform) {
    this.backend = backend;
    this.platform = platform;
  }

  abstract EventBase open(Kernel kernel, EventBase.Callback callback);

  /// The name that `--backend` takes.
  public String backend() {
    return backend;
  }

  /// A platform whose simulated kernel has it.
  Platform platform() {
    return platform;
  }

  private static EventBase epoll(Kernel kernel, boolean edge, EventBase.Callback callback) {
    return new EpollEventBase(
        kernel.epoll().orElseThrow(), kernel.memory(), kernel.platform(), edge, BATCH, callback);
  }
}
