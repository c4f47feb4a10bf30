package twemlab.exercise.build;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static twemlab.event.kernel.Platform.POLLERR;
import static twemlab.event.kernel.Platform.POLLFD_EVENTS;
import static twemlab.event.kernel.Platform.POLLFD_REVENTS;
import static twemlab.event.kernel.Platform.POLLFD_SIZE;
import static twemlab.event.kernel.Platform.POLLHUP;
import static twemlab.event.kernel.Platform.POLLIN;
import static twemlab.event.kernel.Platform.POLLOUT;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.PollCalls;

/// poll(2): the whole list goes to the kernel with each wait.
final class PollWaiter implements Waiter {
  private static final int MOST = 1024;

  private final PollCalls calls;
  private final MemorySegment list;
  private final Map<Integer, Integer> wanted = new TreeMap<>();
  private final int[] ready = new int[MOST];
  private final int[] bits = new int[MOST];

  PollWaiter(Kernel kernel) {
    calls = kernel.poll().orElseThrow();
    list = kernel.memory().map((long) MOST * POLLFD_SIZE);
  }

  @Override
  public void watch(int fd) {
    want(fd, true, false);
  }

  @Override
  public void want(int fd, boolean read, boolean write) {
    wanted.put(fd, (read ? POLLIN : 0) | (write ? POLLOUT : 0));
  }

  @Override
  public void forget(int fd) {
    wanted.remove(fd);
  }

  @Override
  public int await(int timeoutMillis) {
    int count = 0;
    for (Map.Entry<Integer, Integer> each : wanted.entrySet()) {
      long place = (long) count++ * POLLFD_SIZE;
      list.set(JAVA_INT, place, each.getKey());
      list.set(JAVA_SHORT, place + POLLFD_EVENTS, each.getValue().shortValue());
      list.set(JAVA_SHORT, place + POLLFD_REVENTS, (short) 0);
    }
    int result = calls.poll(list, 0, count, timeoutMillis);
    int found = 0;
    for (int i = 0; i < count && result > 0; i++) {
      long place = (long) i * POLLFD_SIZE;
      int reported = list.get(JAVA_SHORT, place + POLLFD_REVENTS);
      if (reported != 0) {
        ready[found] = list.get(JAVA_INT, place);
        bits[found++] = reported;
      }
    }
    return result < 0 ? result : found;
  }

  @Override
  public int fd(int i) {
    return ready[i];
  }

  @Override
  public boolean readable(int i) {
    return (bits[i] & (POLLIN | POLLERR | POLLHUP)) != 0;
  }

  @Override
  public boolean writable(int i) {
    return (bits[i] & POLLOUT) != 0;
  }

  @Override
  public void close() {
    wanted.clear();
  }
}
