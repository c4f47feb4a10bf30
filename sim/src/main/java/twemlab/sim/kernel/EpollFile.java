package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.event.kernel.EpollCalls;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;

/// An epoll instance: interest, and a list of what may be ready. Source: fs/eventpoll.c.
final class EpollFile extends SimFile {
  private static final int EXCLUSIVE = 1 << 28;
  private static final int WAKEUP = 1 << 29;
  private static final int PRIVATE =
      EXCLUSIVE | WAKEUP | EpollCalls.EPOLLONESHOT | EpollCalls.EPOLLET;
  private static final int EXCLUSIVE_MAY_HAVE =
      Ready.IN | Ready.OUT | Ready.ERR | Ready.HUP | WAKEUP | EpollCalls.EPOLLET | EXCLUSIVE;

  /// How many epoll instances may watch each other in a row, less one.
  private static final int NESTS_MAX = 4;

  /// E1: the number alone does not identify what is watched.
  private record Key(int fd, SimFile file) {}

  private final Map<Key, Item> items = new LinkedHashMap<>();

  /// The instances that watch this one.
  private final List<EpollFile> parents = new ArrayList<>();

  private ArrayDeque<Item> ready = new ArrayDeque<>();
  private ArrayDeque<Item> spare = new ArrayDeque<>();

  private final class Item implements Watcher {
    private final Key key;
    private int events;
    private long data;
    private boolean queued;
    private boolean removed;

    private Item(Key key) {
      this.key = key;
    }

    /// `ep_poll_callback`: an item that ONESHOT disabled (E10), or whose interest the wake-up does
    /// not concern, stays where it is.
    @Override
    public void wake(int wakeKey) {
      int interest = events & ~PRIVATE;
      if (interest != 0 && (wakeKey == 0 || (wakeKey & interest) != 0)) {
        queue(this);
      }
    }

    /// E12: only the last close takes the registration away.
    @Override
    public void fileClosed() {
      forget(this);
    }

    private int mask() {
      return key.file.poll() & events;
    }
  }

  /// epoll_ctl(2) of a descriptor that is open.
  int control(int operation, int fd, SimFile file, MemorySegment event, long offset, int dataAt) {
    if (!file.pollable()) {
      return Errno.EPERM.result();
    }
    if (file == this) {
      return Errno.EINVAL.result();
    }
    Key key = new Key(fd, file);
    return switch (operation) {
      case EpollCalls.EPOLL_CTL_ADD ->
          add(key, event.get(JAVA_INT_UNALIGNED, offset), data(event, offset, dataAt));
      case EpollCalls.EPOLL_CTL_MOD ->
          modify(key, event.get(JAVA_INT_UNALIGNED, offset), data(event, offset, dataAt));
      case EpollCalls.EPOLL_CTL_DEL -> remove(key);
      default -> Errno.EINVAL.result();
    };
  }

  private static long data(MemorySegment event, long offset, int dataAt) {
    return event.get(JAVA_LONG_UNALIGNED, offset + dataAt);
  }

  private int add(Key key, int events, long data) {
    if ((events & EXCLUSIVE) != 0
        && (key.file instanceof EpollFile || (events & ~EXCLUSIVE_MAY_HAVE) != 0)) {
      return Errno.EINVAL.result(); // E16
    }
    if (key.file instanceof EpollFile inner
        && (inner.reaches(this) || inner.depthBelow() + 1 + depthAbove() > NESTS_MAX)) {
      return Errno.ELOOP.result();
    }
    if (items.containsKey(key)) {
      return Errno.EEXIST.result();
    }
    Item item = new Item(key);
    items.put(key, item);
    key.file.watch(item);
    if (key.file instanceof EpollFile inner) {
      inner.parents.add(this);
    }
    arm(item, events, data);
    return 0;
  }

  private int modify(Key key, int events, long data) {
    Item item = items.get(key);
    if (item == null) {
      return ((events & EXCLUSIVE) != 0 ? Errno.EINVAL : Errno.ENOENT).result();
    }
    if (((events | item.events) & EXCLUSIVE) != 0) {
      return Errno.EINVAL.result();
    }
    arm(item, events, data);
    return 0;
  }

  /// E3: ERR and HUP are always of interest. E5: what is ready already is queued at once.
  // tag::arm[]
  private void arm(Item item, int events, long data) {
    item.events = events | Ready.ERR | Ready.HUP;
    item.data = data;
    if (item.mask() != 0) {
      queue(item);
    }
  }

  // end::arm[]

  private int remove(Key key) {
    Item item = items.get(key);
    if (item == null) {
      return Errno.ENOENT.result();
    }
    key.file.unwatch(item);
    forget(item);
    return 0;
  }

  private void forget(Item item) {
    item.removed = true;
    items.remove(item.key);
    if (item.key.file instanceof EpollFile inner) {
      inner.parents.remove(this);
    }
  }

  private void queue(Item item) {
    if (!item.queued) {
      item.queued = true;
      ready.add(item);
      wake(Ready.READABLE);
    }
  }

  /// Whether something is queued, which need not be ready any more.
  boolean mayBeReady() {
    return !ready.isEmpty();
  }

  /// Puts the first `count` queued items behind the others: as legal as any other order.
  void rotate(int count) {
    for (int i = 0; i < count; i++) {
      ready.add(ready.remove());
    }
  }

  public int queued() {
    return ready.size();
  }

  @Override
  public void queued(List<Integer> descriptors) {
    ready.stream().filter(item -> !item.removed).forEach(item -> descriptors.add(item.key.fd));
  }

  /// Writes what is ready, at most `max` events: `ep_send_events`.
  int collect(Platform platform, MemorySegment events, long offset, int max) {
    ArrayDeque<Item> batch = ready;
    ready = spare;
    spare = batch;
    int count = 0;
    while (count < max && !batch.isEmpty()) {
      Item item = batch.remove();
      item.queued = false;
      int mask = item.removed ? 0 : item.mask(); // E6, E7
      if (mask == 0) {
        continue;
      }
      long at = offset + (long) count * platform.epollEventSize();
      events.set(JAVA_INT_UNALIGNED, at, mask);
      events.set(JAVA_LONG_UNALIGNED, at + platform.epollEventData(), item.data);
      count++;
      // tag::level-again[]
      if ((item.events & EpollCalls.EPOLLONESHOT) != 0) {
        item.events &= PRIVATE; // E10
      } else if ((item.events & EpollCalls.EPOLLET) == 0) {
        item.queued = true;
        ready.add(item); // E8
      }
      // end::level-again[]
    }
    while (!batch.isEmpty()) {
      ready.addFirst(batch.removeLast());
    }
    return count;
  }

  /// E15: readable when one of the queued items is still ready.
  @Override
  public int poll() {
    for (Item item : ready) {
      if (!item.removed && item.mask() != 0) {
        return Ready.READABLE;
      }
    }
    return 0;
  }

  @Override
  public void release() {
    for (Item item : List.copyOf(items.values())) {
      remove(item.key);
    }
  }

  private boolean reaches(EpollFile target) {
    if (this == target) {
      return true;
    }
    for (Key key : items.keySet()) {
      if (key.file instanceof EpollFile inner && inner.reaches(target)) {
        return true;
      }
    }
    return false;
  }

  private int depthBelow() {
    int depth = 0;
    for (Key key : items.keySet()) {
      if (key.file instanceof EpollFile inner) {
        depth = Math.max(depth, inner.depthBelow() + 1);
      }
    }
    return depth;
  }

  private int depthAbove() {
    int depth = 0;
    for (EpollFile parent : parents) {
      depth = Math.max(depth, parent.depthAbove() + 1);
    }
    return depth;
  }
}
