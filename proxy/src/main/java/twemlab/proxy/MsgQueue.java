package twemlab.proxy;

/// Messages in order of arrival: a ring that grows, and shrinks when it has been emptied.
final class MsgQueue {
  private static final int SMALL = 16;

  private Msg[] ring = new Msg[SMALL];
  private int head;
  private int count;

  int size() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  void add(Msg msg) {
    if (count == ring.length) {
      resize(count * 2);
    }
    ring[(head + count++) & (ring.length - 1)] = msg;
  }

  /// The oldest one, or null.
  Msg peek() {
    return count == 0 ? null : ring[head];
  }

  /// The message with `i` older ones before it.
  Msg get(int i) {
    return ring[(head + i) & (ring.length - 1)];
  }

  /// Takes the oldest one out, or answers null.
  Msg poll() {
    if (count == 0) {
      return null;
    }
    Msg msg = ring[head];
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    if (--count == 0 && ring.length > 1024) {
      resize(SMALL);
    }
    return msg;
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
