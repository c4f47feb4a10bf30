package twemlab.event.stream;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufPool;

/// The ranges that a channel has to send, in order: a ring, each entry with one reference.
///
/// Neighbouring ranges of one mbuf are joined: a pipeline that was read in one piece and goes to
/// one server leaves in one piece. A peer that takes nothing for a while has what waits for it
/// copied together ([#compact]), so that a few bytes do not keep many mbufs.
public final class SendQueue {
  private static final int FIRST_SIZE = 8;

  /// Arrays larger than this are given back when the queue is empty.
  private static final int KEPT_SIZE = 256;

  /// So many ranges are not worth copying.
  private static final int FEW = 64;

  /// How much memory may be kept for each byte.
  private static final int WASTE = 4;

  private Mbuf[] mbufs = new Mbuf[FIRST_SIZE];
  private int[] froms = new int[FIRST_SIZE];
  private int[] tos = new int[FIRST_SIZE];
  private int head;
  private int count;
  private long bytes;

  /// Bytes queued.
  public long bytes() {
    return bytes;
  }

  /// Ranges queued.
  public int count() {
    return count;
  }

  /// Queues a range; its reference is the queue's from now on.
  public void add(Mbuf mbuf, int from, int to) {
    bytes += to - from;
    if (count > 0) {
      int tail = (head + count - 1) & (mbufs.length - 1);
      if (mbufs[tail] == mbuf && tos[tail] == from) {
        tos[tail] = to;
        mbuf.release();
        return;
      }
    }
    if (count == mbufs.length) {
      grow();
    }
    int slot = (head + count) & (mbufs.length - 1);
    mbufs[slot] = mbuf;
    froms[slot] = from;
    tos[slot] = to;
    count++;
  }

  /// Copies the ranges together, if they are many and keep much more memory than their bytes need.
  ///
  /// @param fixed how many of the first ones must stay where they are, because the kernel reads
  ///   them
  public void compact(int fixed) {
    int movable = count - fixed;
    if (movable <= FEW) {
      return;
    }
    MbufPool pool = mbufs[head].pool();
    if ((long) movable * pool.mbufBytes() <= WASTE * bytes) {
      return;
    }
    MbufChain together = pool.together();
    for (int i = fixed; i < count; i++) {
      int slot = (head + i) & (mbufs.length - 1);
      together.appendOrCopy(mbufs[slot], froms[slot], tos[slot], pool.mbufBytes() / 2);
      mbufs[slot].release();
      mbufs[slot] = null;
    }
    count = fixed;
    for (int i = 0; i < together.rangeCount(); i++) {
      int slot = (head + count++) & (mbufs.length - 1);
      mbufs[slot] = together.mbuf(i);
      mbufs[slot].retain();
      froms[slot] = together.from(i);
      tos[slot] = together.to(i);
    }
    together.clear();
  }

  private void grow() {
    int size = mbufs.length;
    Mbuf[] oldMbufs = mbufs;
    int[] oldFroms = froms;
    int[] oldTos = tos;
    mbufs = new Mbuf[size * 2];
    froms = new int[size * 2];
    tos = new int[size * 2];
    for (int i = 0; i < count; i++) {
      int slot = (head + i) & (size - 1);
      mbufs[i] = oldMbufs[slot];
      froms[i] = oldFroms[slot];
      tos[i] = oldTos[slot];
    }
    head = 0;
  }

  /// The mbuf of the first range.
  public Mbuf firstMbuf() {
    return mbufs[head];
  }

  /// The beginning of the first range.
  public int firstFrom() {
    return froms[head];
  }

  /// The end of the first range.
  public int firstTo() {
    return tos[head];
  }

  /// Makes one system call for as much as fits one.
  ///
  /// @param iovecs room for `limit` iovecs
  /// @param most bytes to offer, at least 1
  /// @return the bytes accepted, or `-errno`
  // tag::write[]
  public int write(SocketCalls sockets, int fd, MemorySegment iovecs, int limit, int most) {
    if (count == 1) {
      Mbuf mbuf = mbufs[head];
      int from = froms[head];
      int length = Math.min(tos[head] - from, most);
      return sockets.write(fd, mbuf.segment(), mbuf.base() + from, length);
    }
    return sockets.writev(fd, iovecs, 0, fill(iovecs, 0, limit, most));
  }

  // end::write[]

  /// Writes the iovecs of the first ranges, with at most so many bytes.
  ///
  /// @return how many, at most `limit`
  public int fill(MemorySegment iovecs, long offset, int limit, int most) {
    int pieces = 0;
    for (int left = most; left > 0 && pieces < Math.min(count, limit); pieces++) {
      int slot = (head + pieces) & (mbufs.length - 1);
      int length = Math.min(tos[slot] - froms[slot], left);
      left -= length;
      long place = offset + (long) pieces * Platform.IOVEC_SIZE;
      iovecs.set(JAVA_LONG, place, mbufs[slot].address() + froms[slot]);
      iovecs.set(JAVA_LONG, place + Platform.IOVEC_LENGTH, (long) length);
    }
    return pieces;
  }

  /// Copies the first bytes to a place, as many as fit.
  ///
  /// @return how many
  public int copy(MemorySegment target, int limit) {
    int copied = 0;
    for (int i = 0; i < count && copied < limit; i++) {
      int slot = (head + i) & (mbufs.length - 1);
      Mbuf mbuf = mbufs[slot];
      int length = Math.min(tos[slot] - froms[slot], limit - copied);
      MemorySegment.copy(mbuf.segment(), mbuf.base() + froms[slot], target, copied, length);
      copied += length;
    }
    return copied;
  }

  /// The bytes that one call of [#write] offers.
  public int offered(int limit, int most) {
    if (count <= limit) {
      return (int) Math.min(bytes, most);
    }
    int offered = 0;
    for (int i = 0; i < limit && offered < most; i++) {
      int slot = (head + i) & (mbufs.length - 1);
      offered += tos[slot] - froms[slot];
    }
    return Math.min(offered, most);
  }

  /// Drops the first `accepted` bytes and releases the ranges that are through.
  public void accepted(long accepted) {
    bytes -= accepted;
    long left = accepted;
    while (left > 0) {
      int length = tos[head] - froms[head];
      if (left < length) {
        froms[head] += (int) left;
        return;
      }
      left -= length;
      mbufs[head].release();
      mbufs[head] = null;
      head = (head + 1) & (mbufs.length - 1);
      count--;
    }
    shrink();
  }

  private void shrink() {
    if (count == 0 && mbufs.length > KEPT_SIZE) {
      mbufs = new Mbuf[FIRST_SIZE];
      froms = new int[FIRST_SIZE];
      tos = new int[FIRST_SIZE];
      head = 0;
    }
  }

  /// Releases everything.
  public void clear() {
    for (; count > 0; count--) {
      mbufs[head].release();
      mbufs[head] = null;
      head = (head + 1) & (mbufs.length - 1);
    }
    bytes = 0;
    shrink();
  }
}
