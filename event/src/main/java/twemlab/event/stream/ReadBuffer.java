package twemlab.event.stream;

import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;

/// The mbuf that the reads of all connections share.
///
/// Most requests are small and leave in the turn in which they came, so that the mbuf is nobody
/// else's, and warm in the cache, again at the next read; an idle connection holds none.
public final class ReadBuffer implements AutoCloseable {
  private final MbufPool pool;
  private Mbuf current;

  public ReadBuffer(MbufPool pool) {
    this.pool = pool;
  }

  /// An mbuf to read into, with at least half its bytes free.
  public Mbuf get() {
    return get(pool.mbufBytes() / 2);
  }

  /// An mbuf to read into of a client: at least half free, or as much as may be read at once.
  public Mbuf getFair() {
    return get(Math.min(pool.mbufBytes() / 2, pool.fairRead()));
  }

  private Mbuf get(int leastRoom) {
    if (current != null) {
      if (current.references() == 1) {
        current.rewind();
      } else if (current.room() < leastRoom) {
        current.release();
        current = null;
      }
    }
    if (current == null) {
      current = pool.take();
    }
    return current;
  }

  /// The most bytes that may be read of a client now.
  public int fairRead() {
    return pool.fairRead();
  }

  /// Mbufs that are kept ready: one or none.
  public int count() {
    return current == null ? 0 : 1;
  }

  @Override
  public void close() {
    if (current != null) {
      current.release();
      current = null;
    }
  }
}
