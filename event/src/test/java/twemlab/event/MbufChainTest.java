package twemlab.event;

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
