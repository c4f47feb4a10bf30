package twemlab.event;

import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufSink;

/// One stream connection of a [Transport]; C counterpart the socket half of `struct conn`
/// (nc_connection.h).
///
/// None of these calls calls back: what follows from them is delivered later in the same turn.
/// After either of the two closes nothing is delivered any more. One loop's thread.
public interface Channel extends MbufSink {

  /// Takes what happens on a channel; C counterpart the `recv`, `send`, `close` handlers of `struct
  /// conn`. A handler is called from [Transport#deliver] and [Transport#flush] only, and never from
  /// inside a call that it makes itself.
  interface Handler {
    /// A connect has succeeded; comes once, before anything else, and only on a connecting channel.
    void onConnected(Channel channel);

    /// Bytes `[from, to)` of an mbuf have arrived. They are on loan: a handler that keeps a range
    /// retains the mbuf; the bytes of a retained range never change.
    ///
    /// @return the position up to which the handler took them. If that is less than `to`, the rest
    ///   is delivered again in the next turn, or on [Channel#resumeReading] if the handler has
    ///   paused
    int onBytes(Channel channel, Mbuf mbuf, int from, int to);

    /// [Channel#pendingBytes] has fallen below the low-water mark after it had passed the high one.
    void onWritable(Channel channel);

    /// The peer has finished sending; comes once, after all bytes. Sending stays possible. When
    /// sending is finished too, nothing more is reported, and the channel stays until it is closed.
    void onEnd(Channel channel);

    /// After [Channel#readRest]: what had arrived is delivered, and nothing more is read. Comes
    /// once, unless the end of the stream or a failure comes first.
    default void onRestRead(Channel channel) {}

    /// The connection failed and is gone, its descriptor closed; comes at most once, and last. What
    /// had been received before is delivered first, but not after a reset (ECONNRESET, or another
    /// error that the socket reports), nor when reading is paused.
    void onClosed(Channel channel, Errno errno);

    /// A call to this handler threw an exception that costs its connection only ([Containment]).
    /// The channel is closed, if it was not before, and no callback follows. What this throws ends
    /// the loop, and so does an exception of a handler that does not say what becomes of it.
    default void onBroken(Channel channel, RuntimeException failure) {
      throw failure;
    }
  }

  /// Queues the bytes `[from, to)` of an mbuf behind those queued before. The caller's reference
  /// goes over to the channel, which releases it when the bytes are sent or the connection is gone.
  /// On a closed channel it is released at once.
  ///
  /// @throws IllegalStateException after [#shutdownWrite]; the reference then stays the caller's
  @Override
  void send(Mbuf mbuf, int from, int to);

  /// Bytes queued and not yet known to be accepted by the kernel.
  long pendingBytes();

  /// The ranges that the pending bytes lie in: as many mbufs are kept, at the most. They are copied
  /// together when the peer takes nothing and they keep much more memory than their bytes need.
  int pendingRanges();

  /// Bytes accepted by the kernel since the connection was made, or, where a completion trails,
  /// submitted to it. A request has *begun*, and may be answered, when its first byte is among
  /// them, and is *sent* when its last one is.
  long acceptedBytes();

  /// Whether little enough is pending to go on sending.
  boolean writable();

  /// No more [Handler#onBytes] and [Handler#onEnd] until [#resumeReading]. Sending goes on. If the
  /// peer resets or drops the connection meanwhile, it is closed, unread bytes and all.
  void pauseReading();

  /// Has what was held back delivered, in the next turn, and then what has arrived meanwhile.
  void resumeReading();

  /// Reads what has arrived, up to the first moment when nothing is there, and nothing that comes
  /// later. It does not wait to be told of bytes, and keeps to budgets and pauses: a handler that
  /// has paused gets the rest when it resumes. [Handler#onRestRead] follows at the end. (A peer
  /// that sends without end is read up to 64 MiB, more than a socket holds.)
  void readRest();

  /// Sends the end of the stream behind what is pending; receiving goes on.
  void shutdownWrite();

  /// Closes now and drops what is pending. The handler is not called any more.
  void closeNow();

  /// Sends what is pending, finishes sending, reads and discards until the peer finishes too (for
  /// at most a second or a mebibyte), and closes. Closing at once would answer unread bytes with
  /// RST, which destroys the replies just sent. A peer that takes nothing for ten seconds is given
  /// up. The handler is not called any more.
  void closeDrained();

  /// Whether neither side has closed it yet.
  boolean open();

  /// The descriptor, for logs; -1 when closed.
  int descriptor();
}
