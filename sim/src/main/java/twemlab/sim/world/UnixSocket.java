package twemlab.sim.world;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;

/// A unix stream socket: what one side writes, the other has at once.
///
/// What a sender has queued lies in the receiver's buffer, in the pieces in which it was written,
/// and counts until the reader has taken a whole piece. Source: net/unix/af_unix.c.
public final class UnixSocket extends StreamSocket {
  /// The other end, also after that was closed; null if there never was one.
  private UnixSocket other;

  /// Lengths of the pieces in [#received], the first one less what was read of it.
  private final ArrayDeque<Integer> pieces = new ArrayDeque<>();

  /// The part of the first piece that was read.
  private int taken;

  private int queued;
  private boolean dead;

  public UnixSocket(World world, String owner) {
    super(world, owner, Platform.AF_UNIX);
  }

  /// Joins two ends, as socketpair(2).
  public static void join(UnixSocket one, UnixSocket two) {
    one.other = two;
    two.other = one;
  }

  @Override
  public int poll() {
    return Ready.mask(this);
  }

  /// X3: a quarter of the buffer at most is in use (`unix_writable`).
  @Override
  boolean writable() {
    return queued * 4L <= sendBuffer;
  }

  /// They arrive at once.
  @Override
  int onTheWay() {
    return 0;
  }

  @Override
  public int room() {
    return Math.max(0, sendBuffer - queued);
  }

  boolean inStateClose() {
    return other == null && !listening();
  }

  @Override
  public boolean connected() {
    return other != null;
  }

  @Override
  public int bind(Address address) {
    return local != null
        ? Errno.EINVAL.result()
        : world.network().bind(this, (Address.Unix) address);
  }

  @Override
  int prepareListen() {
    return local == null || other != null ? Errno.EINVAL.result() : 0;
  }

  /// X2: at once, or EAGAIN when the queue is full.
  @Override
  public int connect(Address address) {
    if (other != null) {
      return Errno.EISCONN.result();
    }
    if (listening()) {
      return Errno.EINVAL.result();
    }
    String path = ((Address.Unix) address).path();
    if (!world.network().pathExists(path)) {
      return Errno.ENOENT.result();
    }
    UnixSocket listener = world.network().listenerAt(path);
    if (listener == null || world.faults().fires(Fault.CONNECT_REFUSED)) {
      return Errno.ECONNREFUSED.result();
    }
    if (listener.full(0)) {
      return Errno.EAGAIN.result();
    }
    UnixSocket server = new UnixSocket(world, listener.owner);
    server.local = listener.local;
    server.peer = local;
    peer = listener.local;
    join(this, server);
    listener.enqueue(server);
    return 0;
  }

  @Override
  public int admit(int total) {
    if (sendShut) {
      return Errno.EPIPE.result();
    }
    if (other == null) {
      return Errno.ENOTCONN.result();
    }
    if (other.dead || other.receiveShut) {
      return Errno.EPIPE.result();
    }
    if (total == 0) {
      return 0;
    }
    if (error != null) {
      return takeError(Errno.UNKNOWN);
    }
    int count = 0;
    while (count < total && queued + count < sendBuffer) {
      count += Math.min(total - count, pieceMax());
    }
    return count == 0 ? Errno.EAGAIN.result() : faultyWrite(count);
  }

  /// A message is cut so that two fit into the buffer (`unix_stream_sendmsg`).
  private int pieceMax() {
    return Math.clamp(sendBuffer / 2L - 64, 1, 32_768);
  }

  @Override
  public void append(MemorySegment source, long offset, int length) {
    other.received.add(source, offset, length);
    for (int left = length; left > 0; left -= pieceMax()) {
      other.pieces.add(Math.min(left, pieceMax()));
    }
    queued += length;
  }

  @Override
  public void flush() {
    other.wake(Ready.READABLE | Ready.PRI | Ready.RDBAND);
  }

  @Override
  int emptyRead() {
    if (other == null) {
      return Errno.EINVAL.result();
    }
    if (error != null) {
      return takeError(Errno.UNKNOWN);
    }
    return receiveShut ? 0 : Errno.EAGAIN.result();
  }

  /// Each piece that is read to its end makes room, and wakes the writer when enough is free.
  @Override
  void consumed(int bytes) {
    taken += bytes;
    while (!pieces.isEmpty() && taken >= pieces.peek()) {
      int piece = pieces.poll();
      taken -= piece;
      other.queued -= piece;
      int key = other.writable() ? Ready.WRITABLE | Ready.WRBAND : 0;
      other.wake(key | Ready.SPACE);
    }
  }

  /// What one side shuts for writing the other cannot read, and the reverse.
  @Override
  public int shutdown(int how) {
    boolean receive = how != 1;
    boolean send = how != 0;
    receiveShut |= receive;
    sendShut |= send;
    if (other != null) {
      other.sendShut |= receive;
      other.receiveShut |= send;
      other.wake(0);
    }
    wake(0);
    return 0;
  }

  @Override
  public void release() {
    if (listening()) {
      stopListening();
    }
    world.network().unbind(this);
    part(!received.isEmpty());
  }

  /// A connection that nobody accepted is torn down as with unread bytes.
  @Override
  public void abort() {
    part(true);
  }

  /// X1: the other side sees both directions shut, and an error if bytes were lost.
  private void part(boolean lost) {
    if (dead) {
      return;
    }
    dead = true;
    received.clear();
    pieces.clear();
    if (other == null || other.dead) {
      return;
    }
    other.queued = 0;
    other.receiveShut = true;
    other.sendShut = true;
    if (lost) {
      other.error = Errno.ECONNRESET;
    }
    other.wake(0);
  }
}
