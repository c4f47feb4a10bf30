package twemlab.proxy.trace;

import java.util.List;
import twemlab.event.kernel.Address;

/// One system call that has returned, with what only the side of the program can see.
///
/// @param name as in [TraceRow#call]
/// @param fd the descriptor that it was about, or -1
/// @param result what it answered
/// @param amount the size or number among its arguments; 0 if there is none
/// @param data all bytes that it moved, or null
/// @param asks what it asked the kernel to watch or to do, one note for each descriptor
/// @param ready what the kernel reported, in its order: the batch of a wait
/// @param address where it connected to, or null
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Call(
    String name,
    int fd,
    long result,
    long amount,
    byte[] data,
    List<Note> asks,
    List<Note> ready,
    Address address) {

  /// About one descriptor of several.
  ///
  /// @param text events by name, such as `IN RDHUP`
  /// @param result of a completed request; 0 for mere readiness
  /// @param data the bytes that the request moved, or null
  @SuppressWarnings("ArrayRecordComponent")
  public record Note(int fd, String text, int result, byte[] data) {
    Note(int fd, String text) {
      this(fd, text, 0, null);
    }
  }

  /// Takes each call after it has returned, on the thread that made it.
  @FunctionalInterface
  public interface Listener {
    void called(Call call);
  }

  Call(String name, int fd, long result, long amount) {
    this(name, fd, result, amount, null, List.of(), List.of(), null);
  }

  Call(String name, int fd, long result, long amount, byte[] data) {
    this(name, fd, result, amount, data, List.of(), List.of(), null);
  }

  Call(String name, int fd, long result, long amount, List<Note> asks, List<Note> ready) {
    this(name, fd, result, amount, null, asks, ready, null);
  }
}
