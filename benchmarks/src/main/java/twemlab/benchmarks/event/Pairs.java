package twemlab.benchmarks.event;

/// Pairs of connected unix stream sockets, numbered from 0, and something that waits for their
/// receiving ends.
///
/// One thread, which is the one that opened them. Closing gives descriptors and memory back.
public interface Pairs extends AutoCloseable {
  /// Takes the bytes that come out.
  interface Receiver {
    /// A byte was read from a pair's receiving end. Sending is allowed in here.
    void received(int pair);
  }

  /// Writes a byte into a pair's sending end; a transport may do so at the end of its turn.
  void send(int pair);

  /// Looks once, without waiting, which receiving ends are ready, and reads those.
  ///
  /// @return how many events there were; peers do not tell what theirs were
  int turn();

  /// System calls that passed the kernel seam so far; -1 if they do not go through it.
  long systemCalls();

  @Override
  void close();

  /// Those whose receiving ends are registered one by one with a readiness mechanism.
  interface Watched extends Pairs {
    /// Registers a receiving end.
    void register(int pair);

    /// Takes it out again.
    void unregister(int pair);

    /// What follows when all were taken out, before one can be registered again.
    default void unregistered() {}

    /// Asks to be told when a receiving end can be written, or no more.
    void wantOutput(int pair, boolean on);

    /// Calls that changed registrations so far; -1 if they are not counted.
    long controlCalls();

    /// A deadline for each pair, in whatever its users would keep them in.
    ///
    /// @throws UnsupportedOperationException if it comes without timers
    default Timeouts timeouts(int pairs) {
      return new WheelTimeouts(pairs);
    }
  }

  /// A deadline for each pair, which never comes: only the upkeep is measured.
  interface Timeouts {
    /// Puts a pair's deadline off.
    void restart(int pair);

    /// What a loop does about deadlines in each turn.
    void turn();
  }
}
