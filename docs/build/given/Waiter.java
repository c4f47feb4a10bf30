package twemlab.exercise.build;

/// Waits until one of several descriptors can be read or written. What is reported is a hint: the
/// call may still answer [Sockets#AGAIN].
interface Waiter {
  /// Begins to watch a descriptor, for reading.
  void watch(int fd);

  /// Says what a watched descriptor is to be reported for. Errors are always reported, as readable.
  void want(int fd, boolean read, boolean write);

  /// Ends to watch a descriptor: before it is closed, since its number may be given again.
  void forget(int fd);

  /// Waits.
  ///
  /// @param timeoutMillis the longest wait
  /// @return how many descriptors are ready: 0 after the time, negative for an error
  int await(int timeoutMillis);

  /// The descriptor of the i-th one that is ready.
  int fd(int i);

  boolean readable(int i);

  boolean writable(int i);

  /// Gives back what belongs to the waiter itself.
  void close();
}
