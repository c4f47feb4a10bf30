package twemlab.event.stream;

/// Channels that wait for one thing, first in, first out: a ring that grows and never shrinks.
public final class ChannelList<C> {
  private Object[] ring = new Object[64];
  private int head;
  private int count;

  public boolean isEmpty() {
    return count == 0;
  }

  public void add(C channel) {
    if (count == ring.length) {
      var larger = new Object[count * 2];
      for (int i = 0; i < count; i++) {
        larger[i] = ring[(head + i) & (count - 1)];
      }
      ring = larger;
      head = 0;
    }
    ring[(head + count++) & (ring.length - 1)] = channel;
  }

  /// The first one, taken out, or null.
  @SuppressWarnings("unchecked") // only C is ever put in
  public C poll() {
    if (count == 0) {
      return null;
    }
    C channel = (C) ring[head];
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    count--;
    return channel;
  }
}
