package twemlab.event.stream;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import twemlab.event.behaviour.LoopFixture;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.testing.Memories;

/// The queue against an array, whatever the system takes of each offer.
final class SendQueueTest {
  private static final int MBUF = 64;
  private static final int LIMIT = 8;

  private final Memories memory = new Memories();
  private final MbufPool pool = new MbufPool(memory, MBUF);
  private final MemorySegment iovecs = memory.map(LIMIT * Platform.IOVEC_SIZE);
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private int appetite;

  /// Sockets that take as much as they are hungry for.
  private final class Hungry {
    SocketCalls sockets() {
      return (SocketCalls)
          java.lang.reflect.Proxy.newProxyInstance(
              SocketCalls.class.getClassLoader(),
              new Class<?>[] {SocketCalls.class},
              (_, method, arguments) ->
                  switch (method.getName()) {
                    case "write" ->
                        write(
                            (MemorySegment) arguments[1], (long) arguments[2], (int) arguments[3]);
                    case "writev" -> writev((int) arguments[3]);
                    default -> throw new AssertionError(method.getName());
                  });
    }

    private int write(MemorySegment segment, long offset, int length) {
      int bytes = Math.min(length, appetite);
      for (int i = 0; i < bytes; i++) {
        taken.write(segment.get(JAVA_BYTE, offset + i));
      }
      return bytes == 0 ? Errno.EAGAIN.result() : bytes;
    }

    private int writev(int count) {
      assertThat(count).isBetween(1, LIMIT);
      int total = 0;
      for (int i = 0; i < count && total < appetite; i++) {
        long address = iovecs.get(JAVA_LONG, (long) i * Platform.IOVEC_SIZE);
        long length = iovecs.get(JAVA_LONG, (long) i * Platform.IOVEC_SIZE + Platform.IOVEC_LENGTH);
        int bytes = (int) Math.min(length, appetite - total);
        taken.writeBytes(bytesAt(address, bytes));
        total += bytes;
      }
      return total == 0 ? Errno.EAGAIN.result() : total;
    }
  }

  private MemorySegment slab;

  private byte[] bytesAt(long address, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(slab, JAVA_BYTE, address - slab.address(), bytes, 0, length);
    return bytes;
  }

  @Property(tries = 200, seed = "20260106")
  void sendsEveryByteOnceAndReleasesEveryRange(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 40) Integer> lengths,
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 400) Integer> appetites) {
    taken.reset();
    SocketCalls sockets = new Hungry().sockets();
    SendQueue queue = new SendQueue();
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    Mbuf current = pool.take();
    slab = current.segment();
    int step = 0;
    for (int length : lengths) {
      if (current.room() < length) {
        current.release();
        current = pool.take();
      }
      byte[] bytes = LoopFixture.pattern(length);
      int from = current.last();
      MemorySegment.copy(bytes, 0, slab, JAVA_BYTE, current.base() + from, length);
      current.advance(length);
      current.retain();
      queue.add(current, from, from + length);
      model.writeBytes(bytes);
      if (length % 3 == 0) {
        appetite = appetites.get(step++ % appetites.size());
        write(queue, sockets);
      }
      assertThat(queue.bytes()).isEqualTo(model.size() - taken.size());
    }
    current.release();
    appetite = 33;
    while (queue.bytes() > 0) {
      write(queue, sockets);
    }
    assertThat(taken.toByteArray()).isEqualTo(model.toByteArray());
    assertThat(queue.count()).isZero();
    assertThat(pool.used()).isZero();
  }

  private void write(SendQueue queue, SocketCalls sockets) {
    if (queue.bytes() == 0) {
      return;
    }
    int most = appetite % 3 == 0 ? 50 : Integer.MAX_VALUE;
    int offered = queue.offered(LIMIT, most);
    assertThat(offered).isBetween(1, most);
    int result = queue.write(sockets, 0, iovecs, LIMIT, most);
    assertThat(result == Errno.EAGAIN.result() || result <= offered).isTrue();
    if (appetite >= offered) {
      assertThat(result).as("all that was offered").isEqualTo(offered);
    }
    if (result > 0) {
      queue.accepted(result);
    }
  }

  @Property(tries = 50, seed = "20260107")
  void clearReleasesEverything(@ForAll @IntRange(min = 0, max = 100) int ranges) {
    SendQueue queue = new SendQueue();
    for (int i = 0; i < ranges; i++) {
      Mbuf mbuf = pool.take();
      mbuf.advance(10);
      queue.add(mbuf, 0, 10);
    }
    queue.clear();
    assertThat(queue.bytes()).isZero();
    assertThat(queue.count()).isZero();
    assertThat(pool.used()).isZero();
    // And it can be used again.
    Mbuf mbuf = pool.take();
    mbuf.advance(4);
    queue.add(mbuf, 0, 4);
    assertThat(queue.bytes()).isEqualTo(4);
    queue.clear();
  }

  /// 200 bytes of 200 mbufs full of others' bytes; the kernel may be reading the first ones.
  @Property(tries = 100, seed = "20261129")
  void whatABlockedPeerIsOwedKeepsFewMbufs(
      @ForAll @IntRange(min = 0, max = 100) int fixed, @ForAll @IntRange(max = 40) int accepted) {
    taken.reset();
    SendQueue queue = new SendQueue();
    byte[] expected = LoopFixture.pattern(200);
    for (int i = 0; i < expected.length; i++) {
      Mbuf mbuf = pool.take();
      slab = mbuf.segment();
      mbuf.advance(MBUF);
      mbuf.segment().set(JAVA_BYTE, mbuf.base() + 3, expected[i]);
      queue.add(mbuf, 3, 4);
    }
    queue.accepted(accepted);
    int stays = Math.min(fixed, queue.count());
    queue.compact(stays);
    assertThat(queue.bytes()).isEqualTo(expected.length - accepted);
    assertThat(pool.used()).isLessThanOrEqualTo(stays + Math.ceilDiv(expected.length, MBUF));
    assertThat(queue.count()).isEqualTo(pool.used());
    byte[] sent = new byte[expected.length - accepted];
    MemorySegment target = memory.map(expected.length);
    queue.copy(target, expected.length);
    MemorySegment.copy(target, JAVA_BYTE, 0, sent, 0, sent.length);
    memory.unmap(target);
    assertThat(sent).isEqualTo(Arrays.copyOfRange(expected, accepted, expected.length));
    queue.clear();
    assertThat(pool.used()).isZero();
  }
}
