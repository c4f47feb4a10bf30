package twemlab.event.mbuf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Writes the few texts that the proxy itself makes (error lines, headers of fragments) into mbufs
/// and appends them to chains.
///
/// All texts share one current mbuf until it is full. One loop's thread.
public final class MbufWriter implements AutoCloseable {
  private static final byte[] DIGITS = "0123456789".getBytes(StandardCharsets.US_ASCII);

  private final MbufPool pool;
  private final int smallPiece;
  private final byte[] digits = new byte[20];
  private Mbuf current;

  /// A writer that takes its first mbuf when it first writes.
  public MbufWriter(MbufPool pool) {
    this.pool = pool;
    this.smallPiece = pool.smallPiece();
  }

  /// Appends bytes.
  public void append(MbufChain chain, byte[] bytes) {
    append(chain, bytes, 0, bytes.length);
  }

  /// Appends the bytes `[from, to)` of an array.
  public void append(MbufChain chain, byte[] bytes, int from, int to) {
    int position = from;
    while (position < to) {
      Mbuf mbuf = current();
      int taken = Math.min(to - position, mbuf.room());
      int start = mbuf.last();
      MemorySegment.copy(bytes, position, mbuf.segment(), JAVA_BYTE, mbuf.base() + start, taken);
      mbuf.advance(taken);
      chain.append(mbuf, start, start + taken);
      position += taken;
    }
  }

  /// Appends a number in decimal digits.
  public void append(MbufChain chain, long number) {
    int start = digits.length;
    // Below zero, where there is one number more.
    long rest = number < 0 ? number : -number;
    do {
      digits[--start] = DIGITS[(int) -(rest % 10)];
      rest /= 10;
    } while (rest < 0);
    if (number < 0) {
      digits[--start] = '-';
    }
    append(chain, digits, start, digits.length);
  }

  /// The mbuf that an area of so many bytes, or of the mbuf's rest if that is worth it, is cut
  /// from; retained for the caller.
  Mbuf cut(int bytes) {
    if (current != null && current.room() < Math.min(bytes, pool.smallPiece())) {
      close();
    }
    Mbuf mbuf = current();
    mbuf.retain();
    return mbuf;
  }

  int smallPiece() {
    return smallPiece;
  }

  private Mbuf current() {
    if (current != null && current.room() == 0) {
      current.release();
      current = null;
    }
    if (current == null) {
      current = pool.take();
    }
    return current;
  }

  /// Gives the current mbuf back; the next text takes another.
  @Override
  public void close() {
    if (current != null) {
      current.release();
      current = null;
    }
  }
}
