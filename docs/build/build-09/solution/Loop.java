package twemlab.exercise.build;

import java.util.HashMap;
import java.util.Map;

/// Waits, and tells the handlers of what is ready. One thread.
final class Loop {
  /// Hears of one descriptor.
  interface Handler {
    void readable();

    void writable();
  }

  private final Waiter waiter;
  private final Map<Integer, Handler> handlers = new HashMap<>();

  Loop(Waiter waiter) {
    this.waiter = waiter;
  }

  void watch(int fd, Handler handler) {
    handlers.put(fd, handler);
    waiter.watch(fd);
  }

  void want(int fd, boolean read, boolean write) {
    waiter.want(fd, read, write);
  }

  void forget(int fd) {
    handlers.remove(fd);
    waiter.forget(fd);
  }

  /// One wait, and one call for each thing that is ready.
  void turn(int waitMillis) {
    int count = waiter.await(waitMillis);
    // Who was meant by each number: a handler may close a descriptor, and another connection may
    // get its number, before this batch is through.
    Handler[] meant = new Handler[Math.max(0, count)];
    for (int i = 0; i < count; i++) {
      meant[i] = handlers.get(waiter.fd(i));
    }
    for (int i = 0; i < count; i++) {
      if (waiter.readable(i) && isStillThere(i, meant[i])) {
        meant[i].readable();
      }
      if (waiter.writable(i) && isStillThere(i, meant[i])) {
        meant[i].writable();
      }
    }
  }

  private boolean isStillThere(int i, Handler meant) {
    return meant != null && handlers.get(waiter.fd(i)) == meant;
  }

  void close() {
    waiter.close();
  }
}
