package twemlab.hashing.function;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads little-endian numbers at any address from a memory segment or from an array.
///
/// Exactly one of `memory` and `bytes` is not null. So each algorithm is written once and serves
/// both kinds of memory. The other ways cost something: wrapping the array in a heap segment
/// allocates whenever the hash is not inlined into its caller, and a second class of segment at the
/// same call site spoils the type profile of the native path. The test for null is the same all
/// through a call, which a compiler can move out of the loop and a processor predicts.
public final class Source {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Source() {}

  public static byte signedByte(MemorySegment memory, byte[] bytes, long at) {
    return bytes != null ? bytes[(int) at] : memory.get(ValueLayout.JAVA_BYTE, at);
  }

  static int unsignedByte(MemorySegment memory, byte[] bytes, long at) {
    return signedByte(memory, bytes, at) & 0xff;
  }

  static int unsignedShort(MemorySegment memory, byte[] bytes, long at) {
    return (bytes != null ? (short) SHORTS.get(bytes, (int) at) : memory.get(SHORT, at)) & 0xffff;
  }

  static int int32(MemorySegment memory, byte[] bytes, long at) {
    return bytes != null ? (int) INTS.get(bytes, (int) at) : memory.get(INT, at);
  }

  static long int64(MemorySegment memory, byte[] bytes, long at) {
    return bytes != null ? (long) LONGS.get(bytes, (int) at) : memory.get(LONG, at);
  }
}
