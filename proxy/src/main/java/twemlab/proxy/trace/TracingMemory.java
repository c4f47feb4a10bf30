package twemlab.proxy.trace;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;

/// Memory that remembers what was mapped, so that raw addresses in structures can be followed
/// without restricted methods.
final class TracingMemory implements MemoryCalls {
  private final MemoryCalls inner;
  private final Call.Listener listener;
  private final TreeMap<Long, MemorySegment> mapped = new TreeMap<>();

  TracingMemory(MemoryCalls inner, Call.Listener listener) {
    this.inner = inner;
    this.listener = listener;
  }

  @Override
  public MemorySegment map(long bytes) {
    MemorySegment segment = inner.map(bytes);
    add(segment);
    listener.called(new Call("MAP", -1, 0, bytes));
    return segment;
  }

  @Override
  public void unmap(MemorySegment segment) {
    long bytes = segment.byteSize();
    mapped.remove(segment.address());
    inner.unmap(segment);
    listener.called(new Call("UNMAP", -1, 0, bytes));
  }

  void add(MemorySegment segment) {
    mapped.put(segment.address(), segment);
  }

  void remove(MemorySegment segment) {
    mapped.remove(segment.address());
  }

  /// The mapping that an address lies in, or null.
  MemorySegment at(long address) {
    Map.Entry<Long, MemorySegment> entry = mapped.floorEntry(address);
    return entry != null && address < entry.getKey() + entry.getValue().byteSize()
        ? entry.getValue()
        : null;
  }

  static byte[] copy(MemorySegment segment, long offset, long length) {
    byte[] bytes = new byte[(int) length];
    MemorySegment.copy(segment, JAVA_BYTE, offset, bytes, 0, bytes.length);
    return bytes;
  }

  /// Bytes at a raw address; none if it was not mapped here.
  byte[] copy(long address, long length) {
    MemorySegment segment = at(address);
    return segment == null ? new byte[0] : copy(segment, address - segment.address(), length);
  }

  /// The first `total` bytes that an array of iovecs describes.
  byte[] gather(MemorySegment iovecs, long offset, int count, long total) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < count && bytes.size() < total; i++) {
      long at = offset + (long) i * Platform.IOVEC_SIZE;
      long length = iovecs.get(JAVA_LONG_UNALIGNED, at + Platform.IOVEC_LENGTH);
      byte[] part =
          copy(iovecs.get(JAVA_LONG_UNALIGNED, at), Math.min(length, total - bytes.size()));
      bytes.write(part, 0, part.length);
    }
    return bytes.toByteArray();
  }
}
