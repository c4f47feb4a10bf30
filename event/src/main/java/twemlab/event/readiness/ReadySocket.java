package twemlab.event.readiness;

import twemlab.event.kernel.Address;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.stream.ReadinessEntry;
import twemlab.event.stream.SendQueue;

/// The socket of a [ReadinessChannel]: reads and writes what it can at once, and is watched by an
/// event base or a selector. Results are `>= 0` or `-errno`.
public interface ReadySocket {
  /// Opens it, begins to connect, and has it watched.
  ///
  /// @param entry takes its events
  /// @return 0 if it is connected already, `-EINPROGRESS` if it will be, or why it cannot; it is
  ///   closed then
  int connect(Address address, ReadinessEntry entry);

  /// Has an accepted one watched.
  ///
  /// @return `>= 0`, or why it cannot be; it is closed then
  int watch(ReadinessEntry entry);

  /// Ends the reports; the socket stays open.
  void unwatch();

  /// Has it watched again after [#unwatch].
  int watchAgain();

  /// Whether it is watched.
  boolean watched();

  /// Says whether to report input.
  void askRead(boolean wanted);

  /// Says whether to report room for output, or that a connect has ended.
  void askWrite(boolean wanted);

  /// How a connect ended: 0, `-EINPROGRESS` if it has not, or why it failed.
  int finishConnect();

  /// The error that the socket reports, taken from it: 0 or `-errno`.
  int error();

  /// Reads once into the free bytes of an mbuf, of which there are at least `limit`: the bytes
  /// read, 0 at the end of the stream. The mbuf is not advanced.
  int read(Mbuf mbuf, int limit);

  /// The bytes that the next [#write] of a queue offers.
  ///
  /// @param most to offer
  int offered(SendQueue queue, int most);

  /// Writes once: the bytes of the queue's beginning that were accepted.
  int write(SendQueue queue, int most);

  /// Ends the stream that is sent.
  void shutdownWrite();

  /// Closes it, if it is open.
  void close();

  /// A number for logs; -1 when closed.
  int descriptor();
}
