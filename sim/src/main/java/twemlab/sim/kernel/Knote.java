package twemlab.sim.kernel;

import twemlab.event.kernel.KqueueCalls;
import twemlab.sim.world.Ready;
import twemlab.sim.world.Scheduler;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.StreamSocket;

/// One registration in a kqueue: a filter over an identifier. Source: sys/kern/kern_event.c and the
/// socket filters of uipc_socket.c.
abstract sealed class Knote {
  final KqueueFile queue;
  final long ident;
  final short filter;
  final int kind;
  long udata;
  boolean disabled;
  boolean queued;
  boolean removed;

  /// What the filter found: the fields of the event.
  int flags;

  int fflags;
  long data;

  Knote(KqueueFile queue, long ident, short filter, int kind) {
    this.queue = queue;
    this.ident = ident;
    this.filter = filter;
    this.kind = kind;
  }

  boolean clear() {
    return (kind & KqueueCalls.EV_CLEAR) != 0;
  }

  /// Takes the fields of a change, when it is added or added again.
  abstract void touch(int changeFflags, long changeData);

  /// Runs the filter: whether the condition holds, with its fields.
  abstract boolean run();

  /// Forgets what was reported (EV_CLEAR).
  abstract void reset();

  abstract void detach();

  /// EVFILT_READ and EVFILT_WRITE.
  static final class OfSocket extends Knote implements SimFile.Watcher {
    /// SO_SNDLOWAT of BSD.
    private static final int SEND_LOW_WATER = 2_048;

    private final SimFile file;
    private int lowWater;

    OfSocket(KqueueFile queue, long ident, short filter, int kind, SimFile file) {
      super(queue, ident, filter, kind);
      this.file = file;
      file.watch(this);
    }

    @Override
    void touch(int changeFflags, long changeData) {
      lowWater = (changeFflags & KqueueCalls.NOTE_LOWAT) != 0 ? (int) changeData : 0;
    }

    @Override
    public void wake(int key) {
      int concerns =
          filter == KqueueCalls.EVFILT_READ ? Ready.READABLE : Ready.WRITABLE | Ready.SPACE;
      if (key == 0 || (key & concerns) != 0) {
        queue.activate(this);
      }
    }

    @Override
    public void fileClosed() {
      queue.remove(this);
    }

    @Override
    boolean run() {
      flags = 0;
      fflags = 0;
      if (file instanceof StreamSocket socket) {
        return filter == KqueueCalls.EVFILT_READ ? readable(socket) : writable(socket);
      }
      return (file.poll() & (filter == KqueueCalls.EVFILT_READ ? Ready.IN : Ready.OUT)) != 0;
    }

    /// K10, K11, K12.
    private boolean readable(StreamSocket socket) {
      if (socket.listening()) {
        data = socket.pendingConnections();
        return data > 0;
      }
      data = socket.received.size();
      return ended(socket, socket.receiveShut) || data >= Math.max(1, lowWater);
    }

    /// K13.
    private boolean writable(StreamSocket socket) {
      data = socket.room();
      if (ended(socket, socket.sendShut)) {
        return true;
      }
      int least = lowWater > 0 ? lowWater : Math.min(SEND_LOW_WATER, socket.sendBuffer);
      return socket.connected() && data >= least;
    }

    private boolean ended(StreamSocket socket, boolean shut) {
      if (shut) {
        flags = KqueueCalls.EV_EOF;
      }
      if (socket.error != null) {
        fflags = socket.error.number();
      }
      return shut || socket.error != null;
    }

    @Override
    void reset() {
      // the next wake-up activates it again
    }

    @Override
    void detach() {
      file.unwatch(this);
    }
  }

  /// EVFILT_TIMER (K18): periodic unless EV_ONESHOT, and always with EV_CLEAR.
  static final class Timer extends Knote {
    private final Scheduler scheduler;
    private Scheduler.Event next;
    private long period;

    Timer(KqueueFile queue, long ident, int kind, Scheduler scheduler) {
      super(queue, ident, KqueueCalls.EVFILT_TIMER, kind | KqueueCalls.EV_CLEAR);
      this.scheduler = scheduler;
    }

    @Override
    void touch(int changeFflags, long changeData) {
      detach();
      data = 0;
      period = Math.max(1, changeData) * queue.timerUnit(changeFflags);
      next = scheduler.after(period, this::expire);
    }

    private void expire() {
      data++;
      if ((kind & KqueueCalls.EV_ONESHOT) == 0) {
        next = scheduler.after(period, this::expire);
      }
      queue.activate(this);
    }

    @Override
    boolean run() {
      return data > 0;
    }

    @Override
    void reset() {
      data = 0;
    }

    @Override
    void detach() {
      if (next != null) {
        next.cancel();
      }
    }
  }

  /// EVFILT_USER (K18): raised by NOTE_TRIGGER.
  static final class User extends Knote {
    private boolean triggered;

    User(KqueueFile queue, long ident, short filter, int kind) {
      super(queue, ident, filter, kind);
    }

    @Override
    void touch(int changeFflags, long changeData) {
      data = changeData;
      triggered |= (changeFflags & KqueueCalls.NOTE_TRIGGER) != 0;
    }

    @Override
    boolean run() {
      return triggered;
    }

    @Override
    void reset() {
      triggered = false;
    }

    @Override
    void detach() {
      // nothing is watched
    }
  }
}
