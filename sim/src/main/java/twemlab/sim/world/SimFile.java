package twemlab.sim.world;

import java.util.ArrayList;
import java.util.List;

/// An open file description: what descriptors refer to, and what lives until the last of them is
/// closed (open(2)).
public abstract class SimFile {

  /// Somebody who wants to know when a file may have become ready: an entry of its wait queue.
  public interface Watcher {
    /// Something happened. `key` holds the bits that it concerns; 0 concerns them all.
    void wake(int key);

    /// The last descriptor was closed; the watcher has been taken off already.
    void fileClosed();
  }

  private final List<Watcher> watchers = new ArrayList<>(2);
  private int references;

  /// The readiness mask now. Asking may have the side effect that the real kernel's poll has (T6).
  public abstract int poll();

  /// Frees what the file holds, after the last close.
  public abstract void release();

  /// Whether readiness is defined for it; regular files have none (E2, EPERM).
  public boolean pollable() {
    return true;
  }

  /// Adds the descriptors that wait to be reported, for a file that reports others.
  public void queued(List<Integer> descriptors) {}

  public final void retain() {
    references++;
  }

  public final void drop() {
    if (--references > 0) {
      return;
    }
    List<Watcher> left = List.copyOf(watchers);
    watchers.clear();
    for (Watcher watcher : left) {
      watcher.fileClosed();
    }
    release();
  }

  public final void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  public final void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }

  /// Wakes the watchers, the latest first, as `add_wait_queue` puts them.
  public final void wake(int key) {
    for (int i = watchers.size() - 1; i >= 0; i--) {
      watchers.get(i).wake(key);
    }
  }
}
