package twemlab.sim.world;

import java.lang.foreign.MemorySegment;

/// One direction of a TCP connection: the sender's buffer, and the segments under way.
///
/// Segments leave while the receiver's window has room, and arrive in order. A segment that arrives
/// is acknowledged at once. What a sender has `queued` is unsent or under way.
final class TcpLink {
  private final TcpSocket from;
  private final TcpSocket to;
  private final World world;
  private final ByteQueue unsent = new ByteQueue();
  private int underWay;
  private long lastArrival;
  private boolean finWanted;
  private boolean finSent;
  private boolean finDelivered;
  private boolean dropped;

  /// The segment that left last, while it is under way.
  private Segment last;

  private static final class Segment {
    private final byte[] bytes;
    private boolean fin;

    private Segment(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  TcpLink(TcpSocket from, TcpSocket to) {
    this.from = from;
    this.to = to;
    this.world = from.world;
  }

  int queued() {
    return unsent.size() + underWay;
  }

  boolean finDelivered() {
    return finDelivered;
  }

  /// Nothing arrives before `time`: the handshake's last packet goes first.
  void notBefore(long time) {
    lastArrival = Math.max(lastArrival, time);
  }

  void append(MemorySegment source, long offset, int length) {
    unsent.add(source, offset, length);
  }

  /// Sends what the window allows. As real stacks do (silly window avoidance, RFC 9293), it waits
  /// until a segment is whole, or the last, or half of the receiver's buffer.
  void pump() {
    int segmentMax = world.settings().segmentMax();
    while (!unsent.isEmpty()) {
      int window = to.window() - underWay;
      int length = Math.min(Math.min(unsent.size(), segmentMax), window);
      int worthwhile =
          Math.min(Math.min(segmentMax, Math.max(1, to.receiveBuffer / 2)), unsent.size());
      if (length < worthwhile) {
        return;
      }
      send(length);
    }
    if (finWanted && !finSent && !dropped) {
      sendFin();
    }
  }

  private void send(int length) {
    Faults faults = world.faults();
    int first = world.network().cut(length);
    boolean heldBack = length > 1 && faults.fires(Fault.PARTIAL_READ);
    if (heldBack) {
      first = 1 + faults.below(Fault.PARTIAL_READ, length - 1);
    }
    depart(first, 0);
    if (first < length) {
      depart(length - first, heldBack ? 1_000 * (1 + faults.below(Fault.PARTIAL_READ, 1_000)) : 0);
    }
  }

  private void depart(int length, long extra) {
    Segment segment = new Segment(unsent.take(length));
    underWay += length;
    last = segment;
    long delay = extra;
    if (world.faults().fires(Fault.DELAY_SEGMENT)) {
      delay += 1_000L * (1 + world.faults().below(Fault.DELAY_SEGMENT, 200_000));
    }
    world.scheduler().at(arrival() + delay, () -> arrive(segment));
    lastArrival += delay;
  }

  private long arrival() {
    lastArrival = Math.max(lastArrival, world.network().arrival(from.local, to.local));
    return lastArrival;
  }

  private void arrive(Segment segment) {
    if (last == segment) {
      last = null;
    }
    if (dropped) {
      return;
    }
    underWay -= segment.bytes.length;
    if (world.faults().fires(Fault.RST)) {
      to.deliverReset();
      from.deliverReset();
      return;
    }
    if (to.isOrphan()) {
      to.abort(); // bytes for somebody who has gone
      return;
    }
    if (to.refusesBytes()) {
      to.refuse();
      return;
    }
    to.deliver(segment.bytes);
    if (segment.fin) {
      arriveFin();
    }
    from.acknowledged();
  }

  /// Sends a FIN after everything that was appended.
  void finish() {
    finWanted = true;
    pump();
  }

  private void sendFin() {
    finSent = true;
    if (last != null && world.faults().fires(Fault.COALESCE_DATA_AND_FIN)) {
      last.fin = true;
    } else {
      world.scheduler().at(arrival(), this::arriveFin);
    }
  }

  private void arriveFin() {
    if (!dropped) {
      finDelivered = true;
      to.deliverFin();
      from.wake(0); // the answer to a FIN wakes whoever sent it (`tcp_rcv_state_process`)
    }
  }

  /// Sends a RST, in order, instead of what was not sent yet.
  void reset() {
    if (dropped) {
      return;
    }
    unsent.clear();
    finWanted = false;
    world.scheduler().at(arrival(), to::deliverReset);
  }

  /// Forgets everything: the connection was reset.
  void drop() {
    dropped = true;
    unsent.clear();
    underWay = 0;
  }
}
