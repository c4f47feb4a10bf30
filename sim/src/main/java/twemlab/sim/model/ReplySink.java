package twemlab.sim.model;

/// Takes the bytes that a server model answers: a simulated socket, a real one, or a [ReplyBuffer].
@FunctionalInterface
public interface ReplySink {
  /// The bytes `from` to `to - 1` of `bytes`, in order after all earlier ones. The array is lent
  /// for the call: copy what must outlive it.
  void write(byte[] bytes, int from, int to);
}
