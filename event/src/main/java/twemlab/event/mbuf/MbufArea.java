package twemlab.event.mbuf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// Where one chain is written, while others are written beside it: a piece of an mbuf that belongs
/// to it until it is full.
///
/// ```text
/// mbuf   | others' | gap | written | free | others' ...
///                  begin start     at     end
/// ```
///
/// Chains that are built in turns would share a [MbufWriter]'s mbuf in pieces of a few bytes, and
/// each piece costs a range. An area is cut from the writer's mbuf in the size that its chain is
/// expected to need. Small pieces are copied into it; a piece of at least [MbufPool#smallPiece]
/// bytes is never copied but referred to. Pooled and mutable, and bound to its loop's thread.
public final class MbufArea {
  /// No piece is smaller, if its mbuf is not.
  private static final int LEAST = 64;

  private final MbufWriter writer;
  private final MbufChain pieces = new MbufChain();
  private Mbuf mbuf;
  private int expected = LEAST;
  private int begin;
  private int start;
  private int at;
  private int end;

  /// An area that takes its first piece when it is first written to.
  public MbufArea(MbufWriter writer) {
    this.writer = writer;
  }

  /// Says how many bytes the chain is expected to get from here on: so large a piece is taken when
  /// the next one is needed, but not more than an mbuf.
  public void expect(int bytes) {
    expected = Math.max(bytes, LEAST);
  }

  /// Begins a chain, before which a head is put in the end, see [#prepend].
  ///
  /// @param gap room for the head
  public void open(int gap) {
    cut(expected + gap);
    int left = Math.min(gap, end - begin);
    start = begin + left;
    at = start;
  }

  private void cut(int bytes) {
    mbuf = writer.cut(bytes);
    begin = mbuf.last();
    end = begin + Math.min(bytes, mbuf.room());
    mbuf.advance(end - begin);
    start = begin;
    at = begin;
  }

  /// Appends bytes to the chain.
  public void append(MbufChain chain, byte[] bytes) {
    int position = 0;
    while (position < bytes.length) {
      int taken = Math.min(bytes.length - position, room(chain));
      MemorySegment.copy(bytes, position, mbuf.segment(), JAVA_BYTE, mbuf.base() + at, taken);
      at += taken;
      position += taken;
    }
  }

  /// Appends the bytes `[from, to)` of another chain's message to the chain. Cheap when called with
  /// ascending offsets.
  public void append(MbufChain chain, MbufChain source, int from, int to) {
    int range = source.rangeOf(from, to);
    if (range >= 0 && from < to && to - from <= end - at && to - from < writer.smallPiece()) {
      copy(source.mbuf(range).segment(), source.segmentOffset(range, from), to - from);
      return;
    }
    pieces.append(source, from, to);
    for (int i = 0; i < pieces.rangeCount(); i++) {
      appendRange(chain, pieces.mbuf(i), pieces.from(i), pieces.to(i));
    }
    pieces.clear();
  }

  private void appendRange(MbufChain chain, Mbuf source, int from, int to) {
    if (to - from >= writer.smallPiece()) {
      handOver(chain);
      chain.append(source, from, to);
      return;
    }
    int position = from;
    while (position < to) {
      int taken = Math.min(to - position, room(chain));
      copy(source.segment(), source.base() + position, taken);
      position += taken;
    }
  }

  private void copy(MemorySegment source, long from, int count) {
    MemorySegment.copy(source, from, mbuf.segment(), mbuf.base() + at, count);
    at += count;
  }

  /// The room that is left; if there was none, that of a new piece.
  private int room(MbufChain chain) {
    if (at == end) {
      finish(chain);
      cut(expected);
    }
    return end - at;
  }

  /// Puts a head before the chain's first byte, if all of the chain still lies in the area and the
  /// gap before it is large enough.
  public boolean prepend(MbufChain chain, byte[] head, int count) {
    if (chain.length() > 0 || start - begin < count) {
      return false;
    }
    start -= count;
    MemorySegment.copy(head, 0, mbuf.segment(), JAVA_BYTE, mbuf.base() + start, count);
    return true;
  }

  private void handOver(MbufChain chain) {
    if (at > start) {
      chain.append(mbuf, start, at);
      start = at;
    }
  }

  /// Hands over what is written and gives the rest of the area up.
  public void finish(MbufChain chain) {
    handOver(chain);
    close();
  }

  /// Gives the area up, with what is written in it.
  public void close() {
    if (mbuf != null) {
      mbuf.release();
      mbuf = null;
    }
    begin = 0;
    start = 0;
    at = 0;
    end = 0;
  }
}
