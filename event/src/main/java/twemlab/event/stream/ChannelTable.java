package twemlab.event.stream;

import java.util.Arrays;

/// Slots for descriptors, and the handles by which events find them.
///
/// A handle is `(generation << 32) | slot`. Freeing a slot raises its generation, so that an event
/// which was reported for a descriptor closed earlier in the same batch finds no channel (rule
/// E13), even if the slot and the descriptor's number are in use again.
public final class ChannelTable<E> {
  private Object[] entries = new Object[64];
  private int[] generations = new int[64];
  private int[] free = new int[64];
  private int freeCount;
  private int next;
  private int count;

  /// Puts an entry into a free slot: its handle.
  public long add(E entry) {
    int slot;
    if (freeCount > 0) {
      slot = free[--freeCount];
    } else {
      slot = next++;
      if (slot == entries.length) {
        entries = Arrays.copyOf(entries, slot * 2);
        generations = Arrays.copyOf(generations, slot * 2);
        free = Arrays.copyOf(free, slot * 2);
      }
    }
    entries[slot] = entry;
    count++;
    return ((long) generations[slot] << 32) | slot;
  }

  /// The entry of a handle, or null if it has been freed since.
  // tag::find[]
  public E find(long handle) {
    int slot = (int) handle;
    return generations[slot] == (int) (handle >>> 32) ? at(slot) : null;
  }

  // end::find[]

  /// Frees a slot.
  public void remove(long handle) {
    int slot = (int) handle;
    entries[slot] = null;
    generations[slot]++;
    free[freeCount++] = slot;
    count--;
  }

  /// Entries in the table.
  public int count() {
    return count;
  }

  /// One past the highest slot ever used.
  public int slotLimit() {
    return next;
  }

  /// The entry in a slot, or null.
  @SuppressWarnings("unchecked") // only E is ever put in
  public E at(int slot) {
    return (E) entries[slot];
  }
}
