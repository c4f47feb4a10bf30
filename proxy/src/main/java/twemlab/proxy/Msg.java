package twemlab.proxy;

import twemlab.event.MbufChain;
import twemlab.protocol.Command;
import twemlab.protocol.ErrorWord;
import twemlab.protocol.ReplyType;
import twemlab.protocol.ReplyView;

/// A request with its reply; C counterpart `struct msg` (nc_message.h), which is a request or a
/// reply and points to its peer.
///
/// A message can stand in two queues: its client's, until the reply was handed to the client, and a
/// server connection's, until the server has answered. It returns to its [MsgPool] when it has left
/// both, so a request that timed out, or whose client went away, stays behind as a tombstone that
/// swallows the late reply.
///
/// A request of several keys on several servers is an *owner* with one *fragment* for each server.
/// The owner stands in the client's queue, the fragments in the servers'.
///
/// Pooled and mutable, and bound to the loop's thread.
final class Msg {
  /// The request's bytes; empty once they were handed to a server's channel, but for an owner,
  /// whose keys are compared when the replies are gathered.
  final MbufChain request = new MbufChain();

  /// The reply's bytes, as they go to the client.
  final MbufChain reply = new MbufChain();

  Command command;

  /// Who waits for the reply; null for a fragment, when nobody is told, and when the client is
  /// gone.
  ClientConn client;

  /// It is in its pool, and nobody's.
  boolean free;

  boolean inClientQueue;
  boolean inServerQueue;

  /// The reply is complete.
  boolean done;

  /// The client asked for no reply: the server's is swallowed.
  boolean noreply;

  /// It timed out; its late reply is swallowed.
  boolean expired;

  /// AUTH or SELECT of a server connection, asked for by nobody.
  boolean setup;

  /// An error line to answer instead of a reply, or null.
  byte[] error;

  /// Bytes of the request, for the statistics.
  int requestBytes;

  /// When it times out, in nanoseconds of the loop's clock; [Long#MAX_VALUE] for never.
  long deadline;

  /// Which gauge of its server counts it; see [ServerQueues].
  int gauge;

  /// How many bytes its connection had been given when it was: it is sent when the kernel has
  /// accepted so many.
  long sentMark;

  /// The server's count of counted failures when it was handed over, see [Server#failed].
  int failureEpoch;

  /// What the parser said of the reply.
  ReplyType replyType;

  ErrorWord errorWord;
  long integer;

  /// The request has several keys, and more than one server could own them.
  boolean severalKeys;

  /// Of an owner and of its fragments: what the division of the request needs; otherwise null.
  Division division;

  /// Of a fragment: its place among the division's parts.
  int place;

  /// Whether this is a fragment whose owner waits for it.
  boolean isFragment() {
    return division != null && division.owner != this;
  }

  /// Whether anybody waits for the server's reply.
  boolean awaited() {
    return !expired && !noreply && (client != null || isFragment());
  }

  /// Notes what the parser said of the reply.
  void keepOutcome(ReplyView view, boolean withElements) {
    replyType = view.type();
    errorWord = view.errorWord();
    integer = view.integer();
    if (withElements) {
      division.part(place).keepElements(view);
    }
  }

  /// Bytes that this message keeps in memory.
  int heldBytes() {
    return requestBytes + reply.length();
  }

  void clear() {
    request.clear();
    reply.clear();
    command = null;
    client = null;
    done = false;
    gauge = 0;
    noreply = false;
    expired = false;
    setup = false;
    error = null;
    requestBytes = 0;
    deadline = Long.MAX_VALUE;
    sentMark = 0;
    replyType = null;
    errorWord = null;
    integer = 0;
    severalKeys = false;
    division = null;
    place = 0;
  }
}
