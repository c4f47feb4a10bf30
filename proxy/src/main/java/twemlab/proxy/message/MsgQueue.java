package twemlab.proxy.message;

/// Messages in order of arrival: a ring that grows as needed, and has its size reviewed by
/// [IdleMemory].
public final class MsgQueue {
  private static final Msg[] NONE = {};
  private static final int SMALL = 16;

  private Msg[] ring = NONE;
  private int head;
  private int count;

  /// The most that stood in it since the last [#trim].
  private int peak;

  public int size() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public void add(Msg msg) {
    if (count == ring.length) {
      resize(Math.max(SMALL, count * 2));
    }
    ring[(head + count++) & (ring.length - 1)] = msg;
    peak = Math.max(peak, count);
  }

  /// The oldest one, or null.
  public Msg peek() {
    return count == 0 ? null : ring[head];
  }

  /// The message with `i` older ones before it.
  public Msg get(int i) {
    return ring[(head + i) & (ring.length - 1)];
  }

  /// Takes the oldest one out, or returns null.
  public Msg poll() {
    if (count == 0) {
      return null;
    }
    Msg msg = ring[head];
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    count--;
    return msg;
  }

  /// Ends a period: a ring is given back of which that period needed a quarter or less.
  public void trim() {
    if (peak == 0) {
      ring = NONE;
      head = 0;
    } else if (ring.length > SMALL && 4 * peak <= ring.length) {
      resize(Math.max(SMALL, Integer.highestOneBit(2 * peak - 1)));
    }
    peak = count;
  }

  /// Messages that there is room for.
  int capacity() {
    return ring.length;
  }

  private void resize(int size) {
    Msg[] other = new Msg[size];
    for (int i = 0; i < count; i++) {
      other[i] = ring[(head + i) & (ring.length - 1)];
    }
    ring = other;
    head = 0;
  }
}
