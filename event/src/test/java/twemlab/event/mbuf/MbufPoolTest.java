package twemlab.event.mbuf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import twemlab.event.testing.Memories;

final class MbufPoolTest {
  private static final int MBUF = 256 << 10;
  private static final int PER_SLAB = 4;

  private final Memories memory = new Memories();
  private final MbufPool pool = new MbufPool(memory, MBUF);

  @Example
  void mapsNothingBeforeItIsUsed() {
    assertThat(memory.mapped()).isZero();
    Mbuf mbuf = pool.take();
    assertThat(memory.mapped()).isEqualTo(pool.mappedBytes()).isEqualTo(1 << 20);
    assertThat(mbuf.capacity()).isEqualTo(pool.mbufBytes()).isEqualTo(MBUF);
    assertThat(mbuf.references()).isEqualTo(1);
    assertThat(mbuf.address()).isEqualTo(mbuf.segment().address() + mbuf.base());
    pool.close();
    assertThat(memory.mapped()).isZero();
  }

  /// Any order of taking, releasing and trimming: mbufs never overlap, and memory in use is never
  /// given back (the arenas would throw).
  @Property(tries = 300, seed = "20260103")
  void takenMbufsAreDistinctAndTrimTakesNoneOfThem(
      @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 9) Integer> steps) {
    List<Mbuf> taken = new ArrayList<>();
    byte mark = 0;
    for (int step : steps) {
      if (step < 5) {
        Mbuf mbuf = pool.take();
        assertThat(taken).doesNotContain(mbuf);
        taken.add(mbuf);
        mbuf.segment().set(JAVA_BYTE, mbuf.base() + 7, mark++);
        mbuf.advance(1);
      } else if (step < 9 && !taken.isEmpty()) {
        taken.remove(step * 7 % taken.size()).release();
      } else {
        pool.trim(Integer.MAX_VALUE);
        assertThat(pool.mappedBytes()).isEqualTo(memory.mapped());
      }
      assertThat(pool.used()).isEqualTo(taken.size());
      assertThat(pool.peak()).isGreaterThanOrEqualTo(pool.used());
      taken.forEach(mbuf -> mbuf.segment().get(JAVA_BYTE, mbuf.base() + MBUF - 1));
    }
    taken.forEach(Mbuf::release);
    pool.trim(Integer.MAX_VALUE);
    assertThat(memory.mapped()).isLessThanOrEqualTo(1 << 20);
    pool.close();
  }

  @Example
  void trimGivesIdleSlabsBackButForAReserve() {
    List<Mbuf> taken = new ArrayList<>();
    for (int i = 0; i < 5 * PER_SLAB; i++) {
      taken.add(pool.take());
    }
    assertThat(pool.mappedBytes()).isEqualTo(5 << 20);
    assertThat(pool.trim(Integer.MAX_VALUE)).as("all in use").isZero();
    taken.forEach(Mbuf::release);
    assertThat(pool.peak()).isEqualTo(5 * PER_SLAB);
    assertThat(pool.trim(1)).as("in slices").isEqualTo(1 << 20);
    assertThat(pool.trim(Integer.MAX_VALUE)).isEqualTo(3 << 20);
    assertThat(pool.mappedBytes()).isEqualTo(memory.mapped()).isEqualTo(1 << 20);
    assertThat(pool.peak()).isZero();
  }

  @Example
  void lowSlabsAreFilledFirstSoThatHighOnesDrain() {
    List<Mbuf> taken = new ArrayList<>();
    for (int i = 0; i < 3 * PER_SLAB; i++) {
      taken.add(pool.take());
    }
    Mbuf low = taken.removeFirst();
    Mbuf high = taken.removeLast();
    high.release();
    low.release();
    assertThat(pool.take().segment()).isEqualTo(low.segment());
    assertThat(pool.take().segment()).isEqualTo(high.segment());
  }

  @Example
  void misuseIsAnError() {
    Mbuf mbuf = pool.take();
    assertThatThrownBy(() -> mbuf.advance(MBUF + 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> mbuf.advance(-1)).isInstanceOf(IllegalStateException.class);
    mbuf.retain();
    assertThatThrownBy(mbuf::rewind).isInstanceOf(IllegalStateException.class);
    mbuf.release();
    mbuf.advance(10);
    mbuf.rewind();
    assertThat(mbuf.last()).isZero();
    mbuf.release();
    assertThatThrownBy(mbuf::release).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(mbuf::retain).isInstanceOf(IllegalStateException.class);
    assertThat(pool.used()).isZero();
  }
}
