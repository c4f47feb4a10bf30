package twemlab.event.mbuf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import twemlab.event.behaviour.LoopFixture;
import twemlab.event.testing.Memories;

/// Chains and the writer against arrays of bytes.
final class MbufChainTest {
  private static final int MBUF = 64;

  private final Memories memory = new Memories();
  private final MbufPool pool = new MbufPool(memory, MBUF);
  private final MbufWriter writer = new MbufWriter(pool);

  @AfterTry
  void nothingLeaks() {
    writer.close();
    assertThat(pool.used()).isZero();
    pool.close();
  }

  /// A chain of pieces of these lengths; every third begins a new mbuf with a gap.
  private byte[] fill(MbufChain chain, List<Integer> lengths) {
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    for (int i = 0; i < lengths.size(); i++) {
      byte[] piece = LoopFixture.pattern(lengths.get(i) + 1);
      if (i % 3 == 0) {
        writer.append(new MbufChain(), new byte[0]);
        skip(5);
      }
      writer.append(chain, piece, 1, piece.length);
      model.write(piece, 1, piece.length - 1);
    }
    return model.toByteArray();
  }

  private void skip(int bytes) {
    MbufChain gap = new MbufChain();
    writer.append(gap, new byte[bytes]);
    gap.clear();
  }

  private byte[] copy(MbufChain chain, int from, int to) {
    MemorySegment target = memory.map(Math.max(1, to - from) + 3);
    chain.copy(from, to, target, 3);
    byte[] bytes = new byte[to - from];
    MemorySegment.copy(target, JAVA_BYTE, 3, bytes, 0, bytes.length);
    memory.unmap(target);
    return bytes;
  }

  @Property(tries = 400, seed = "20260104")
  void holdsTheBytesInOrder(
      @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 150) Integer> lengths,
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 3000) Integer> cuts) {
    MbufChain chain = new MbufChain();
    byte[] model = fill(chain, lengths);
    assertThat(chain.length()).isEqualTo(model.length);
    assertThat(copy(chain, 0, model.length)).isEqualTo(model);
    for (int i = 0; i + 1 < cuts.size() && model.length > 0; i++) {
      int from = Math.min(cuts.get(i), cuts.get(i + 1)) % (model.length + 1);
      int to = Math.max(from, Math.max(cuts.get(i), cuts.get(i + 1)) % (model.length + 1));
      assertThat(copy(chain, from, to)).isEqualTo(Arrays.copyOfRange(model, from, to));
      checkRange(chain, model, from, to);
      MbufChain part = new MbufChain();
      part.append(chain, from, to);
      assertThat(part.length()).isEqualTo(to - from);
      assertThat(copy(part, 0, to - from)).isEqualTo(Arrays.copyOfRange(model, from, to));
      part.clear();
      if (from < model.length) {
        assertThat(chain.byteAt(from)).isEqualTo(model[from]);
      }
    }
    chain.clear();
    assertThat(chain.length()).isZero();
    assertThat(chain.rangeCount()).isZero();
  }

  private static void checkRange(MbufChain chain, byte[] model, int from, int to) {
    int range = chain.rangeOf(from, to);
    if (from == to) {
      return;
    }
    int start = 0;
    int holder = 0;
    while (start + chain.to(holder) - chain.from(holder) <= from) {
      start += chain.to(holder) - chain.from(holder);
      holder++;
    }
    boolean whole = to <= start + chain.to(holder) - chain.from(holder);
    assertThat(range).isEqualTo(whole ? holder : -1);
    if (whole) {
      long offset = chain.segmentOffset(range, from);
      assertThat(chain.mbuf(range).segment().get(JAVA_BYTE, offset)).isEqualTo(model[from]);
    }
  }

  @Property(tries = 300, seed = "20261129")
  void whatIsDoneWithIsReleasedAndTheRestStays(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 150) Integer> lengths,
      @ForAll @Size(max = 5) List<@IntRange(min = 0, max = 3000) Integer> places) {
    MbufChain chain = new MbufChain();
    byte[] model = fill(chain, lengths);
    writer.close();
    int before = 0;
    for (int place : places.stream().sorted().toList()) {
      before = Math.min(place, model.length - 1);
      chain.releaseBefore(before);
      assertThat(chain.length()).isEqualTo(model.length);
      assertThat(copy(chain, before, model.length))
          .isEqualTo(Arrays.copyOfRange(model, before, model.length));
      // Of the mbuf that holds the next byte, some bytes may lie before.
      assertThat(pool.used() * MBUF).isLessThan(2 * (model.length - before) + 8 * MBUF + 5 * 20);
    }
    chain.clear();
  }

  @Example
  void neighboursAreJoinedAndHoldOneReference() {
    Mbuf mbuf = pool.take();
    mbuf.advance(30);
    MbufChain chain = new MbufChain();
    chain.append(mbuf, 0, 10);
    chain.append(mbuf, 10, 20);
    chain.append(mbuf, 20, 20);
    assertThat(chain.rangeCount()).isEqualTo(1);
    assertThat(mbuf.references()).isEqualTo(2);
    chain.append(mbuf, 25, 30);
    assertThat(chain.rangeCount()).isEqualTo(2);
    assertThat(mbuf.references()).isEqualTo(3);
    mbuf.release();
    chain.clear();
  }

  /// Each piece comes in an mbuf full of others' bytes, and all of those mbufs would stay.
  @Property(tries = 300, seed = "20261128")
  void smallPiecesAreKeptTogether(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 20) Integer> lengths,
      @ForAll @IntRange(min = 0, max = 80) int copyBelow) {
    MbufChain chain = new MbufChain();
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    int copied = 0;
    int kept = 0;
    for (int length : lengths) {
      byte[] piece = LoopFixture.pattern(length);
      MbufChain source = new MbufChain();
      writer.close();
      skip(3);
      writer.append(source, piece);
      skip(3);
      chain.appendOrCopy(source, 0, length, copyBelow);
      source.clear();
      model.writeBytes(piece);
      copied += length < copyBelow ? length : 0;
      kept += length < copyBelow || length == 0 ? 0 : 1;
    }
    writer.close();
    assertThat(copy(chain, 0, chain.length())).isEqualTo(model.toByteArray());
    // A piece that is kept as it is ends the mbuf of those before it.
    assertThat(pool.used()).isLessThanOrEqualTo(kept + Math.ceilDiv(copied, MBUF) + kept);
    if (kept == 0) {
      assertThat(pool.used()).isEqualTo(Math.ceilDiv(copied, MBUF));
      assertThat(chain.rangeCount()).isEqualTo(pool.used());
    }
    chain.clear();
  }

  @Example
  void whoeverHoldsTheEndOfAnMbufWritesOnThereAndNobodyElse() {
    Mbuf other = pool.take();
    other.segment().set(JAVA_BYTE, other.base(), (byte) 'x');
    other.advance(1);
    MbufChain one = new MbufChain();
    one.appendOrCopy(other, 0, 1, 10);
    MbufChain two = new MbufChain();
    two.append(one, 0, 1);
    one.appendOrCopy(other, 0, 1, 10);
    two.appendOrCopy(other, 0, 1, 10);
    one.appendOrCopy(other, 0, 1, 10);
    assertThat(copy(one, 0, 3)).isEqualTo("xxx".getBytes(StandardCharsets.US_ASCII));
    assertThat(copy(two, 0, 2)).isEqualTo("xx".getBytes(StandardCharsets.US_ASCII));
    assertThat(one.rangeCount()).isEqualTo(1);
    assertThat(two.rangeCount()).isEqualTo(2);
    one.clear();
    two.clear();
    other.release();
  }

  @Example
  void messagesAreMovedBehindEachOther() {
    MbufChain[] messages = new MbufChain[100];
    for (int i = 0; i < messages.length; i++) {
      messages[i] = new MbufChain();
      writer.append(messages[i], new byte[] {(byte) i, (byte) -i});
      skip(MBUF);
    }
    writer.close();
    assertThat(pool.used()).isGreaterThanOrEqualTo(messages.length);
    MbufChain together = new MbufChain();
    for (MbufChain message : messages) {
      message.moveBehind(together, MBUF / 2);
    }
    together.clear();
    assertThat(pool.used()).isEqualTo(Math.ceilDiv(2 * messages.length, MBUF));
    for (int i = 0; i < messages.length; i++) {
      assertThat(copy(messages[i], 0, 2)).containsExactly(i, -i);
      messages[i].clear();
    }
  }

  @Example
  void growsWhileItIsRead() {
    MbufChain chain = new MbufChain();
    for (int i = 0; i < 300; i++) {
      writer.append(chain, new byte[] {(byte) i});
      assertThat(chain.byteAt(i)).isEqualTo((byte) i);
      assertThat(chain.byteAt(i / 2)).isEqualTo((byte) (i / 2));
    }
    chain.clear();
  }

  @Example
  void rangesOutsideTheMessageAreErrors() {
    MbufChain chain = new MbufChain();
    assertThat(chain.rangeOf(0, 0)).isEqualTo(-1);
    writer.append(chain, new byte[10]);
    MbufChain other = new MbufChain();
    assertThatThrownBy(() -> other.append(chain, 3, 11))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chain.byteAt(10)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chain.rangeOf(-1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    chain.clear();
  }

  @Property(tries = 200, seed = "20260105")
  void writerWritesDecimalNumbers(@ForAll @LongRange(min = -Long.MAX_VALUE) long number) {
    MbufChain chain = new MbufChain();
    writer.append(chain, number);
    byte[] expected = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    assertThat(copy(chain, 0, chain.length())).isEqualTo(expected);
    chain.clear();
  }
}
