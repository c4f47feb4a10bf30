package twemlab.event;

/// The mbuf that the reads of all connections share.
///
/// Most requests are small and leave in the turn in which they came, so that the mbuf is nobody
/// else's, and warm in the cache, again at the next read; an idle connection holds none.
final class ReadBuffer implements AutoCloseable {
  private final MbufPool pool;
  private Mbuf current;

  ReadBuffer(MbufPool pool) {
    this.pool = pool;
  }

  /// An mbuf to read into, with at least half its bytes free.
  Mbuf get() {
    if (current != null) {
      if (current.references() == 1) {
        current.rewind();
      } else if (current.room() < current.capacity() / 2) {
        current.release();
        current = null;
      }
    }
    if (current == null) {
      current = pool.take();
    }
    return current;
  }

  /// Mbufs that are kept ready: one or none.
  int count() {
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
