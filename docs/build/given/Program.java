package twemlab.exercise.build;

/// A program of one thread that somebody drives.
interface Program {
  /// Waits for something to do, and does it.
  ///
  /// @param waitMillis the longest wait
  void turn(int waitMillis);

  /// Closes every descriptor.
  void close();
}
