package twemlab.event.mbuf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// A message as a list of ranges of mbufs, in order; C counterpart `struct mhdr` (nc_mbuf.h).
///
/// ```text
/// one range         several
///   mbuf ──► mbuf     mbuf = null
///   from, to          ranges ──► mbufs, froms, tos
/// ```
///
/// Nearly every message has one range, which the chain holds itself: 24 bytes of heap, with compact
/// object headers. Only a second one needs arrays, and they are pooled.
///
/// It holds one reference for each range. Neighbouring ranges of one mbuf are joined, so that a
/// pipeline read in one piece is sent as one piece. Offsets count from the message's first byte.
///
/// A range keeps its whole mbuf, however few bytes it has. [#append] never copies, and is right for
/// what is passed on at once. What may stay for long, and is small, is copied: [#appendOrCopy] puts
/// small pieces behind each other into an mbuf of their own, so that a chain never holds many times
/// the memory of its bytes.
///
/// Pooled and mutable, and bound to its loop's thread.
public final class MbufChain {
  /// The only range's; null if there is none, or several.
  private Mbuf mbuf;

  private int from;
  private int to;

  /// The ranges, if there are several.
  private MbufRanges ranges;

  /// Bytes in all ranges.
  public int length() {
    return ranges == null ? to - from : ranges.length();
  }

  /// How many ranges there are.
  public int rangeCount() {
    if (ranges != null) {
      return ranges.count();
    }
    return mbuf == null ? 0 : 1;
  }

  /// The mbuf of range `i`.
  public Mbuf mbuf(int i) {
    return ranges == null ? mbuf : ranges.mbuf(i);
  }

  /// The position of range `i`'s first byte in its mbuf.
  public int from(int i) {
    return ranges == null ? from : ranges.from(i);
  }

  /// The position behind range `i`'s last byte.
  public int to(int i) {
    return ranges == null ? to : ranges.to(i);
  }

  /// Appends a range and retains its mbuf.
  public void append(Mbuf next, int start, int end) {
    if (start != end && !extend(next, start, end)) {
      next.retain();
      add(next, start, end);
    }
  }

  /// Makes the last range longer, if the bytes follow it in its mbuf.
  private boolean extend(Mbuf next, int start, int end) {
    if (ranges != null) {
      if (ranges.continues(next, start)) {
        ranges.extend(end);
        return true;
      }
    } else if (mbuf == next && to == start) {
      to = end;
      return true;
    }
    return false;
  }

  /// Adds a range, whose reference is the chain's from now on.
  private void add(Mbuf next, int start, int end) {
    if (ranges != null) {
      ranges.add(next, start, end);
    } else if (mbuf == null) {
      mbuf = next;
      from = start;
      to = end;
    } else {
      ranges = mbuf.pool().takeRanges();
      ranges.add(mbuf, from, to);
      ranges.add(next, start, end);
      forgetSingle();
    }
  }

  /// Appends a range, or a copy of it if it is shorter than so many bytes and does not follow the
  /// last range in its mbuf.
  ///
  /// A copy goes behind the chain's last byte, if that is also the last byte of its mbuf: whoever
  /// holds the end of what is written in an mbuf may write on there, because bytes are only
  /// appended. Else it begins a new mbuf. So a chain that is built of small pieces alone lies in
  /// mbufs that are full except the last, whatever else is going on.
  ///
  /// @param copyBelow usually [MbufPool#smallPiece]; larger to have nearly everything copied
  public void appendOrCopy(Mbuf source, int start, int end, int copyBelow) {
    if (end - start >= copyBelow || start == end) {
      append(source, start, end);
    } else if (!extend(source, start, end)) {
      copyBehind(source, start, end);
    }
  }

  private void copyBehind(Mbuf source, int start, int end) {
    int last = rangeCount() - 1;
    Mbuf target = last < 0 ? null : mbuf(last);
    boolean writable = target != null && target.last() == to(last);
    int position = start;
    if (writable && target.room() > 0) {
      position += copyInto(target, source, position, Math.min(end, position + target.room()));
    }
    while (position < end) {
      Mbuf fresh = source.pool().take();
      position += copyInto(fresh, source, position, Math.min(end, position + fresh.room()));
      fresh.release();
    }
  }

  /// Copies to the end of what is written in an mbuf, and appends that.
  private int copyInto(Mbuf target, Mbuf source, int start, int end) {
    int place = target.last();
    int count = end - start;
    MemorySegment.copy(
        source.segment(), source.base() + start, target.segment(), target.base() + place, count);
    target.advance(count);
    append(target, place, place + count);
    return count;
  }

  /// Appends the bytes `[start, end)` of another chain's message, which keeps its own references.
  /// Cheap when called with ascending offsets.
  public void append(MbufChain source, int start, int end) {
    appendOrCopy(source, start, end, 0);
  }

  /// Appends the bytes `[start, end)` of another chain's message, piece by piece as
  /// [#appendOrCopy(Mbuf,int,int,int)] does.
  public void appendOrCopy(MbufChain source, int start, int end, int copyBelow) {
    Objects.checkFromToIndex(start, end, source.length());
    int position = start;
    int i = source.seek(start);
    int rangeStart = source.seekOffset();
    while (position < end) {
      int first = source.from(i) + position - rangeStart;
      int taken = Math.min(end - position, source.to(i) - first);
      appendOrCopy(source.mbuf(i), first, first + taken, copyBelow);
      position += taken;
      rangeStart += source.to(i) - source.from(i);
      i++;
    }
    if (start < end) {
      source.seek(end - 1);
    }
  }

  /// Moves the bytes to the end of another chain's mbufs: both have them then, in few mbufs. For a
  /// row of messages that are to be kept together in little memory; the other chain is cleared when
  /// the last one has been moved.
  ///
  /// @param together what was moved before
  /// @param copyBelow pieces of at least this length stay where they are
  public void moveBehind(MbufChain together, int copyBelow) {
    int start = together.length();
    together.appendOrCopy(this, 0, length(), copyBelow);
    clear();
    append(together, start, together.length());
  }

  /// The range that holds the byte at an offset.
  private int seek(int offset) {
    return ranges == null ? 0 : ranges.seek(offset);
  }

  /// Where the range of the last [#seek] begins in the message.
  private int seekOffset() {
    return ranges == null ? 0 : ranges.cursorOffset();
  }

  /// The range that holds the whole of `[start, end)`, or -1 if the bytes lie in several.
  public int rangeOf(int start, int end) {
    Objects.checkFromToIndex(start, end, length());
    if (rangeCount() == 0) {
      return -1;
    }
    int i = seek(start);
    return end - seekOffset() <= to(i) - from(i) ? i : -1;
  }

  /// The offset in its mbuf's segment at which the byte at a message offset lies; the byte must be
  /// in the range that [#rangeOf] answered.
  public long segmentOffset(int range, int offset) {
    return mbuf(range).base() + from(range) + (offset - seekOffset());
  }

  /// Copies `[start, end)` to native memory; for keys that straddle mbufs, never for payload.
  public void copy(int start, int end, MemorySegment target, long targetOffset) {
    Objects.checkFromToIndex(start, end, length());
    int position = start;
    int i = seek(start);
    int rangeStart = seekOffset();
    while (position < end) {
      int skip = position - rangeStart;
      int taken = Math.min(end - position, to(i) - from(i) - skip);
      MemorySegment.copy(
          mbuf(i).segment(),
          mbuf(i).base() + from(i) + skip,
          target,
          targetOffset + (position - start),
          taken);
      position += taken;
      rangeStart += to(i) - from(i);
      i++;
    }
  }

  /// The byte at an offset.
  public byte byteAt(int offset) {
    Objects.checkIndex(offset, length());
    int i = seek(offset);
    return mbuf(i).segment().get(JAVA_BYTE, mbuf(i).base() + from(i) + (offset - seekOffset()));
  }

  /// Releases the mbufs of what lies before an offset and will not be looked at again. Length and
  /// offsets stay as they are, and the chain can only be read from there on, and cleared.
  public void releaseBefore(int offset) {
    if (ranges != null && offset < ranges.length()) {
      ranges.releaseBefore(offset);
    }
  }

  /// Hands everything over and empties the chain: the references go over with it.
  public void sendTo(MbufSink sink) {
    if (ranges != null) {
      for (int i = 0; i < ranges.count(); i++) {
        sink.send(ranges.mbuf(i), ranges.from(i), ranges.to(i));
      }
      MbufPool pool = ranges.pool();
      ranges.forget();
      giveBack(pool);
    } else if (mbuf != null) {
      sink.send(mbuf, from, to);
      forgetSingle();
    }
  }

  /// Releases everything.
  public void clear() {
    if (ranges != null) {
      MbufPool pool = ranges.pool();
      ranges.release();
      giveBack(pool);
    } else if (mbuf != null) {
      mbuf.release();
      forgetSingle();
    }
  }

  private void giveBack(MbufPool pool) {
    pool.giveRanges(ranges);
    ranges = null;
  }

  private void forgetSingle() {
    mbuf = null;
    from = 0;
    to = 0;
  }
}
