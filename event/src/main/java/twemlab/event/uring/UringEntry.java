package twemlab.event.uring;

/// Something of a [UringTransport] that has requests in the kernel.
interface UringEntry {
  /// A request completed, or, with `CQE_MORE`, brought one more of several results.
  void complete(int operation, int result, int flags);
}
