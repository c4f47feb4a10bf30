package twemlab.benchmarks;

/// A pair of connected unix stream sockets, and one mechanism that waits for the receiving end.
///
/// One thread. Closing it gives descriptors and memory back.
public interface OneByte extends AutoCloseable {
  /// Writes a byte into one end, waits until the other end is reported readable, reads it there.
  ///
  /// @return the byte that was read
  int ping();

  /// System calls that passed the kernel seam so far; -1 if the mechanism does not go through it.
  long systemCalls();

  @Override
  void close();
}
