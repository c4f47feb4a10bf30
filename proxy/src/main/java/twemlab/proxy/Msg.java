package twemlab.proxy;

import java.util.Arrays;
import twemlab.event.MbufChain;
import twemlab.protocol.Command;
import twemlab.protocol.ErrorWord;
import twemlab.protocol.ReplyType;
import twemlab.protocol.ReplyView;
import twemlab.protocol.RequestView;

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

  // Of an owner.

  Msg[] fragments = new Msg[4];
  int fragmentCount;
  int fragmentsOpen;
  int keyCount;

  /// Start and end of each key in the request.
  int[] keys = new int[8];

  /// The index in [#fragments] of each key's fragment.
  int[] fragmentOfKey = new int[4];

  // Of a fragment.

  Msg owner;
  int serverIndex;

  /// Of each element of the reply: start, end, start and end of its key.
  int[] elements = new int[0];

  int elementCount;

  /// The element that gathering takes next.
  int nextElement;

  /// Notes the keys of a request that is divided.
  void keepKeys(RequestView view) {
    keyCount = view.keyCount();
    if (fragmentOfKey.length < keyCount) {
      fragmentOfKey = new int[keyCount];
      keys = new int[2 * keyCount];
    }
    for (int i = 0; i < keyCount; i++) {
      keys[2 * i] = view.keyStart(i);
      keys[2 * i + 1] = view.keyEnd(i);
    }
  }

  /// Adds a fragment.
  void addFragment(Msg fragment) {
    if (fragmentCount == fragments.length) {
      fragments = Arrays.copyOf(fragments, fragmentCount * 2);
    }
    fragments[fragmentCount++] = fragment;
    fragmentsOpen++;
    fragment.owner = this;
  }

  /// Whether anybody waits for the server's reply.
  boolean awaited() {
    return !expired && !noreply && (client != null || owner != null);
  }

  /// Notes what the parser said of the reply.
  void keepOutcome(ReplyView view, boolean withElements) {
    replyType = view.type();
    errorWord = view.errorWord();
    integer = view.integer();
    if (withElements) {
      keepElements(view);
    }
  }

  /// Notes where the elements of a fragment's reply lie.
  private void keepElements(ReplyView view) {
    elementCount = view.elementCount();
    if (elements.length < 4 * elementCount) {
      elements = new int[4 * elementCount];
    }
    boolean keyed = view.type() == ReplyType.END;
    for (int i = 0; i < elementCount; i++) {
      elements[4 * i] = view.elementStart(i);
      elements[4 * i + 1] = view.elementEnd(i);
      elements[4 * i + 2] = keyed ? view.elementKeyStart(i) : 0;
      elements[4 * i + 3] = keyed ? view.elementKeyEnd(i) : 0;
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
    Arrays.fill(fragments, 0, fragmentCount, null);
    fragmentCount = 0;
    fragmentsOpen = 0;
    keyCount = 0;
    owner = null;
    elementCount = 0;
    nextElement = 0;
    shrink();
  }

  /// A message that once had many keys does not keep their tables for ever.
  private void shrink() {
    if (keys.length > 1024) {
      keys = new int[8];
      fragmentOfKey = new int[4];
    }
    if (elements.length > 4096) {
      elements = new int[0];
    }
  }
}
