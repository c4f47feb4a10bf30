package twemlab.exercise.changelist;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.Errno;

/// A level-triggered event base that makes changes of interest late and only where something has
/// changed: those of a turn are kept until the next wait, and what was put on and taken off again
/// in between costs no system call.
///
/// Stands before another base, which it tells; everything else that base does itself.
final class ChangeListBase implements EventBase {
  private final EventBase base;

  /// By slot: a handle's other half is a generation, of which there is one at a time.
  private final Map<Integer, Entry> entries = new HashMap<>();

  private final List<Entry> changed = new ArrayList<>();

  private static final class Entry {
    private final int fd;
    private final long handle;
    private int known = READ;
    private int wanted = READ;
    private boolean listed;
    private boolean gone;

    private Entry(int fd, long handle) {
      this.fd = fd;
      this.handle = handle;
    }
  }

  /// @param base level-triggered
  ChangeListBase(EventBase base) {
    this.base = base;
  }

  @Override
  public String name() {
    return base.name() + "-late";
  }

  @Override
  public boolean edgeTriggered() {
    return false;
  }

  @Override
  public boolean readinessAlone() {
    return base.readinessAlone();
  }

  @Override
  public int descriptorLimit() {
    return base.descriptorLimit();
  }

  @Override
  public int addConnection(int fd, long handle) {
    int result = base.addConnection(fd, handle);
    if (result >= 0) {
      entries.put((int) handle, new Entry(fd, handle));
    }
    return result;
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    Entry entry = entries.remove((int) handle);
    if (entry != null) {
      entry.gone = true;
    }
    return base.deleteConnection(fd, handle);
  }

  @Override
  public int addIn(int fd, long handle) {
    return change(handle, READ, true);
  }

  @Override
  public int deleteIn(int fd, long handle) {
    return change(handle, READ, false);
  }

  @Override
  public int addOut(int fd, long handle) {
    return change(handle, WRITE, true);
  }

  @Override
  public int deleteOut(int fd, long handle) {
    return change(handle, WRITE, false);
  }

  private int change(long handle, int bit, boolean on) {
    Entry entry = entries.get((int) handle);
    if (entry == null) {
      return Errno.ENOENT.result();
    }
    entry.wanted = on ? entry.wanted | bit : entry.wanted & ~bit;
    if (!entry.listed) {
      entry.listed = true;
      changed.add(entry);
    }
    return 0;
  }

  @Override
  public int await(int timeoutMillis) {
    for (Entry entry : changed) {
      entry.listed = false;
      if (!entry.gone) {
        tell(entry);
      }
    }
    changed.clear();
    return base.await(timeoutMillis);
  }

  private void tell(Entry entry) {
    int different = entry.known ^ entry.wanted;
    if ((different & READ) != 0) {
      if ((entry.wanted & READ) != 0) {
        base.addIn(entry.fd, entry.handle);
      } else {
        base.deleteIn(entry.fd, entry.handle);
      }
    }
    if ((different & WRITE) != 0) {
      if ((entry.wanted & WRITE) != 0) {
        base.addOut(entry.fd, entry.handle);
      } else {
        base.deleteOut(entry.fd, entry.handle);
      }
    }
    entry.known = entry.wanted;
  }

  @Override
  public void dispatch() {
    base.dispatch();
  }

  @Override
  public int batchLimit() {
    return base.batchLimit();
  }

  @Override
  public void close() {
    base.close();
  }
}
