package twemlab.benchmarks;

import twemlab.event.EpollEventBase;
import twemlab.event.PollEventBase;
import twemlab.event.SelectEventBase;
import twemlab.event.UringEventBase;

/// What waits for readiness in [SocketPairPing].
public enum Mechanism {
  /// [EpollEventBase], edge-triggered, as the proxy uses it by default.
  EPOLL("epoll, edge-triggered") {
    @Override
    OneByte open() {
      return new SeamPair(
          (kernel, callback) ->
              new EpollEventBase(
                  kernel.epoll().orElseThrow(),
                  kernel.memory(),
                  kernel.platform(),
                  true,
                  BATCH,
                  callback));
    }
  },
  /// [EpollEventBase], level-triggered.
  EPOLL_LEVEL("epoll, level-triggered") {
    @Override
    OneByte open() {
      return new SeamPair(
          (kernel, callback) ->
              new EpollEventBase(
                  kernel.epoll().orElseThrow(),
                  kernel.memory(),
                  kernel.platform(),
                  false,
                  BATCH,
                  callback));
    }
  },
  /// [PollEventBase].
  POLL("poll") {
    @Override
    OneByte open() {
      return new SeamPair(
          (kernel, callback) ->
              new PollEventBase(
                  kernel.poll().orElseThrow(), kernel.memory(), kernel.platform(), callback));
    }
  },
  /// [SelectEventBase].
  SELECT("select") {
    @Override
    OneByte open() {
      return new SeamPair(
          (kernel, callback) ->
              new SelectEventBase(kernel.select().orElseThrow(), kernel.memory(), callback));
    }
  },
  /// [UringEventBase]: multishot poll of io_uring.
  IO_URING_POLL("io_uring, poll") {
    @Override
    OneByte open() {
      return new SeamPair(
          (kernel, callback) ->
              new UringEventBase(
                  kernel.uring().orElseThrow(), kernel.memory(), kernel.platform(), callback));
    }
  },
  /// The JDK's `java.nio.channels.Selector` (on Linux: epoll, level-triggered).
  SELECTOR("java.nio Selector") {
    @Override
    OneByte open() {
      return new SelectorPair();
    }
  };

  private static final int BATCH = 16;

  private final String title;

  Mechanism(String title) {
    this.title = title;
  }

  abstract OneByte open();

  /// Its name in tables.
  public String title() {
    return title;
  }
}
