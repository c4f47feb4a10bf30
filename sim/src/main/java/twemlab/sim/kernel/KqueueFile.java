package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static twemlab.event.kernel.KqueueCalls.EV_ADD;
import static twemlab.event.kernel.KqueueCalls.EV_DELETE;
import static twemlab.event.kernel.KqueueCalls.EV_DISABLE;
import static twemlab.event.kernel.KqueueCalls.EV_DISPATCH;
import static twemlab.event.kernel.KqueueCalls.EV_ENABLE;
import static twemlab.event.kernel.KqueueCalls.EV_ERROR;
import static twemlab.event.kernel.KqueueCalls.EV_ONESHOT;
import static twemlab.event.kernel.KqueueCalls.EV_RECEIPT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.KqueueCalls;
import twemlab.event.kernel.Platform;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.World;

/// A kqueue: its knotes, and a list of those that are active.
final class KqueueFile extends SimFile {
  /// K1: reading and writing are separate registrations.
  private record Key(long ident, short filter) {}

  private final World world;
  private final Platform platform;
  private final Map<Key, Knote> knotes = new LinkedHashMap<>();
  private ArrayDeque<Knote> active = new ArrayDeque<>();
  private ArrayDeque<Knote> spare = new ArrayDeque<>();

  KqueueFile(World world) {
    this.world = world;
    this.platform = world.settings().platform();
  }

  /// Applies one change: 0 or `-errno`.
  int change(Descriptors descriptors, MemorySegment changes, long at) {
    long ident = changes.get(JAVA_LONG_UNALIGNED, at + KqueueCalls.IDENT);
    short filter = changes.get(JAVA_SHORT_UNALIGNED, at + KqueueCalls.FILTER);
    int flags = changes.get(JAVA_SHORT_UNALIGNED, at + KqueueCalls.FLAGS) & 0xffff;
    boolean descriptor = filter == KqueueCalls.EVFILT_READ || filter == KqueueCalls.EVFILT_WRITE;
    boolean user = filter == KqueueCalls.evfiltUser(platform);
    if (!descriptor && !user && filter != KqueueCalls.EVFILT_TIMER) {
      return Errno.EINVAL.result();
    }
    SimFile file = descriptor ? descriptors.get((int) ident) : null;
    if (descriptor && file == null) {
      return Errno.EBADF.result();
    }
    Knote knote = knotes.get(new Key(ident, filter));
    if (knote == null && ((flags & EV_ADD) == 0 || (flags & EV_DELETE) != 0)) {
      return Errno.ENOENT.result(); // K17
    }
    if ((flags & EV_DELETE) != 0) {
      remove(knote);
      return 0;
    }
    if (knote == null) {
      knote =
          file != null
              ? new Knote.OfSocket(this, ident, filter, flags, file)
              : user
                  ? new Knote.User(this, ident, filter, flags)
                  : new Knote.Timer(this, ident, flags, world.scheduler());
      knotes.put(new Key(ident, filter), knote);
    }
    apply(knote, flags, changes, at);
    return 0;
  }

  /// K8: adding again modifies, enables, and runs this filter anew; no other one (K1).
  private void apply(Knote knote, int flags, MemorySegment changes, long at) {
    int fflags = changes.get(JAVA_INT_UNALIGNED, at + KqueueCalls.FFLAGS);
    if ((flags & EV_ADD) != 0 || (fflags & KqueueCalls.NOTE_TRIGGER) != 0) {
      knote.touch(fflags, changes.get(JAVA_LONG_UNALIGNED, at + KqueueCalls.DATA));
    }
    if ((flags & EV_ADD) != 0) {
      knote.udata = changes.get(JAVA_LONG_UNALIGNED, at + KqueueCalls.UDATA);
    }
    if ((flags & EV_DISABLE) != 0) {
      knote.disabled = true;
    } else if ((flags & (EV_ADD | EV_ENABLE)) != 0) {
      knote.disabled = false;
    }
    activate(knote);
  }

  /// Something happened: the knote is queued if its filter says so (K3: once).
  void activate(Knote knote) {
    if (!knote.queued && !knote.disabled && !knote.removed && knote.run()) {
      knote.queued = true;
      active.add(knote);
      wake(Ready.READABLE);
    }
  }

  void remove(Knote knote) {
    knote.removed = true;
    knote.detach();
    knotes.remove(new Key(knote.ident, knote.filter));
  }

  /// K14: the knotes of a descriptor go with it, also if the file has another one.
  void descriptorClosed(int fd) {
    for (short filter : new short[] {KqueueCalls.EVFILT_READ, KqueueCalls.EVFILT_WRITE}) {
      Knote knote = knotes.get(new Key(fd, filter));
      if (knote != null) {
        remove(knote);
      }
    }
  }

  /// Nanoseconds of one unit of a timer's `data`: milliseconds, unless `fflags` name another.
  long timerUnit(int fflags) {
    return switch (fflags & 0xf) {
      case 1 -> 1_000_000_000L;
      case 2 -> platform == Platform.MACOS ? 1_000 : 1_000_000;
      case 4 -> platform == Platform.MACOS ? 1 : 1_000;
      case 8 -> 1;
      default -> 1_000_000;
    };
  }

  /// How many knotes are queued.
  public int queued() {
    return active.size();
  }

  @Override
  public void queued(List<Integer> descriptors) {
    for (Knote knote : active) {
      if (knote instanceof Knote.OfSocket && !knote.removed) {
        descriptors.add((int) knote.ident);
      }
    }
  }

  void rotate(int count) {
    for (int i = 0; i < count; i++) {
      active.add(active.remove());
    }
  }

  /// Writes the events of what is active, at most `max`.
  int collect(MemorySegment events, long offset, int max) {
    ArrayDeque<Knote> batch = active;
    active = spare;
    spare = batch;
    int count = 0;
    while (count < max && !batch.isEmpty()) {
      Knote knote = batch.remove();
      knote.queued = false;
      if (!knote.removed && !knote.disabled && knote.run()) { // K2
        write(knote, events, offset + (long) count * KqueueCalls.eventSize(platform));
        count++;
        retrieved(knote);
      }
    }
    while (!batch.isEmpty()) {
      active.addFirst(batch.removeLast());
    }
    return count;
  }

  /// K9.
  private void retrieved(Knote knote) {
    if ((knote.kind & EV_ONESHOT) != 0) {
      remove(knote);
      return;
    }
    if (knote.clear() || (knote.kind & EV_DISPATCH) != 0) {
      knote.reset();
      knote.disabled |= (knote.kind & EV_DISPATCH) != 0;
    } else {
      knote.queued = true;
      active.add(knote);
    }
  }

  private void write(Knote knote, MemorySegment events, long at) {
    events.asSlice(at, KqueueCalls.eventSize(platform)).fill((byte) 0);
    events.set(JAVA_LONG_UNALIGNED, at + KqueueCalls.IDENT, knote.ident);
    events.set(JAVA_SHORT_UNALIGNED, at + KqueueCalls.FILTER, knote.filter);
    int kind = knote.kind & ~(EV_ADD | EV_ENABLE | EV_DISABLE | EV_RECEIPT | EV_ERROR);
    events.set(JAVA_SHORT_UNALIGNED, at + KqueueCalls.FLAGS, (short) (kind | knote.flags));
    events.set(JAVA_INT_UNALIGNED, at + KqueueCalls.FFLAGS, knote.fflags);
    events.set(JAVA_LONG_UNALIGNED, at + KqueueCalls.DATA, knote.data);
    events.set(JAVA_LONG_UNALIGNED, at + KqueueCalls.UDATA, knote.udata);
  }

  @Override
  public int poll() {
    for (Knote knote : active) {
      if (!knote.removed && !knote.disabled && knote.run()) {
        return Ready.READABLE;
      }
    }
    return 0;
  }

  @Override
  public void release() {
    for (Knote knote : List.copyOf(knotes.values())) {
      remove(knote);
    }
  }
}
