package twemlab.event.kernel;

import java.util.Optional;

/// Everything that the program asks of the outside, one facility each: the seam on which the
/// simulator stands.
///
/// Calls answer `>= 0` or `-errno` and throw only for programming errors. Structures are bytes in
/// native memory, laid out by [#platform]. An instance belongs to one loop and its thread.
public interface Kernel extends AutoCloseable {
  /// The layouts and constants of this system, which is not always the one that runs the program.
  Platform platform();

  /// Stream sockets, for the loop's thread.
  SocketCalls sockets();

  /// Native memory, for the loop's thread.
  MemoryCalls memory();

  /// Time; may be read on any thread.
  Clock clock();

  /// Names to addresses.
  Resolver resolver();

  /// epoll(7), where the system has it.
  default Optional<EpollCalls> epoll() {
    return Optional.empty();
  }

  /// poll(2), where the system has it.
  default Optional<PollCalls> poll() {
    return Optional.empty();
  }

  /// The process itself, where the system knows such calls.
  default Optional<ProcessCalls> process() {
    return Optional.empty();
  }

  /// select(2), where the system has it.
  default Optional<SelectCalls> select() {
    return Optional.empty();
  }

  /// kqueue(2), where the system has it.
  default Optional<KqueueCalls> kqueue() {
    return Optional.empty();
  }

  /// Event ports, where the system has them.
  default Optional<EventPortCalls> eventPorts() {
    return Optional.empty();
  }

  /// io_uring, where the system has it.
  default Optional<UringCalls> uring() {
    return Optional.empty();
  }

  /// Whether the channels of java.nio reach this kernel's network, as they do on any machine; those
  /// of a simulation they do not.
  default boolean hasJavaNio() {
    return false;
  }

  /// A second set of socket calls for threads other than the loop's, because the loop's own may be
  /// in use at the same time. They share it: a caller holds its monitor.
  SocketCalls foreignSockets();

  /// How many calls of each kind went through this instance.
  CallCounts counts();

  /// Gives back what the kernel object itself holds. Descriptors and mappings belong to those who
  /// opened them.
  @Override
  void close();
}
