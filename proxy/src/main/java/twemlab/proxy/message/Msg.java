package twemlab.proxy.message;

import twemlab.event.mbuf.MbufChain;
import twemlab.protocol.ErrorWord;
import twemlab.protocol.ReplyType;
import twemlab.protocol.ReplyView;
import twemlab.protocol.command.Command;

/// A request with its reply; C counterpart `struct msg` (nc_message.h), which is a request or a
/// reply and points to its peer.
///
/// A message can stand in two queues: its client's, until the reply was handed to the client, and a
/// server connection's, until the server has answered. It returns to its [MsgPool] when it has left
/// both, so a request that timed out, or whose client went away, stays behind as a tombstone that
/// swallows the late reply.
///
/// A request of several keys on several servers is an *owner* with one *fragment* for each server.
/// The owner stands in the client's queue, the fragments in the servers'. What only they need is in
/// a [Division].
///
/// Tens of thousands are outstanding in a busy proxy, so that a message is small. With compact
/// object headers (-XX:+UseCompactObjectHeaders) it has 64 bytes, and each chain of one range 24:
///
/// ```text
///  0 header
///  8 request ──► 24 bytes    12 reply ──► 24 bytes    16 command    20 client
/// 24 error                   28 division              32 next (in the pool)
/// 36 flags   40 requestBytes 44 failureEpoch          48 place      52 sentMark
/// 56 deadline
/// ```
///
/// Pooled and mutable, and bound to the loop's thread.
public final class Msg {
  // The flags: single bits, then fields of some bits.
  private static final int IN_CLIENT_QUEUE = 1;
  private static final int IN_SERVER_QUEUE = 1 << 1;
  private static final int DONE = 1 << 2;
  private static final int NOREPLY = 1 << 3;
  private static final int EXPIRED = 1 << 4;
  private static final int SETUP = 1 << 5;
  private static final int SEVERAL_KEYS = 1 << 6;
  private static final int FREE = 1 << 7;
  private static final int REPLY_TOO_LONG = 1 << 8;
  private static final int GAUGE_SHIFT = 9;
  private static final int TYPE_SHIFT = 16;
  private static final int WORD_SHIFT = 24;
  private static final int FIELD = 0x1f;

  private static final ReplyType[] TYPES = ReplyType.values();
  private static final ErrorWord[] WORDS = ErrorWord.values();

  /// The request's bytes; empty once they were handed to a server's channel, but for an owner,
  /// whose keys are compared when the replies are gathered.
  public final MbufChain request = new MbufChain();

  /// The reply's bytes, as they go to the client.
  public final MbufChain reply = new MbufChain();

  public Command command;

  /// Who waits for the reply; null for a fragment, when nobody is told, and when the client is
  /// gone.
  public Requester client;

  /// An error line to answer instead of a reply, or null.
  public byte[] error;

  /// Of an owner and of its fragments: what the division of the request needs; otherwise null.
  public Division division;

  /// The pool's next free message.
  Msg next;

  private int flags;

  /// Bytes of the request, for the statistics.
  public int requestBytes;

  /// The server's count of counted failures when it was handed over, see
  /// [twemlab.proxy.Server#failed].
  public int failureEpoch;

  /// Of a fragment, its [#place]; of a request in a client's hands, its [#pins].
  private int place;

  /// How many bytes its connection had been given when it was, in the low 32 bits; see [#unsent].
  private int sentMark;

  /// When it times out, in nanoseconds of the loop's clock; [Long#MAX_VALUE] for never.
  public long deadline;

  private boolean is(int flag) {
    return (flags & flag) != 0;
  }

  private void set(int flag, boolean on) {
    flags = on ? (flags | flag) : (flags & ~flag);
  }

  private int field(int shift) {
    return (flags >>> shift) & FIELD;
  }

  private void setField(int shift, int value) {
    flags = (flags & ~(FIELD << shift)) | (value << shift);
  }

  /// Whether it is in its pool, and unused.
  public boolean isFree() {
    return is(FREE);
  }

  void free(boolean now) {
    set(FREE, now);
  }

  /// Whether it stands in its client's queue.
  public boolean inClientQueue() {
    return is(IN_CLIENT_QUEUE);
  }

  public void inClientQueue(boolean now) {
    set(IN_CLIENT_QUEUE, now);
  }

  /// Whether it stands in a server connection's queue.
  public boolean inServerQueue() {
    return is(IN_SERVER_QUEUE);
  }

  public void inServerQueue(boolean now) {
    set(IN_SERVER_QUEUE, now);
  }

  /// Whether the reply is complete.
  public boolean isDone() {
    return is(DONE);
  }

  public void done() {
    set(DONE, true);
  }

  /// Whether the client asked for no reply: the server's is swallowed.
  public boolean isNoreply() {
    return is(NOREPLY);
  }

  public void noreply() {
    set(NOREPLY, true);
  }

  /// Whether it timed out; its late reply is swallowed.
  boolean isExpired() {
    return is(EXPIRED);
  }

  void expired() {
    set(EXPIRED, true);
  }

  /// Whether its reply is longer than is passed on: it got an error, and the rest is swallowed.
  public boolean isReplyTooLong() {
    return is(REPLY_TOO_LONG);
  }

  public void replyTooLong() {
    set(REPLY_TOO_LONG, true);
  }

  /// Whether it is AUTH or SELECT of a server connection, which no client has sent.
  public boolean isSetup() {
    return is(SETUP);
  }

  public void setup() {
    set(SETUP, true);
  }

  /// Whether the request has several keys, and more than one server could own them.
  public boolean hasSeveralKeys() {
    return is(SEVERAL_KEYS);
  }

  public void severalKeys() {
    set(SEVERAL_KEYS, true);
  }

  /// Which gauge of its server counts it; see [ServerQueues].
  int gauge() {
    return field(GAUGE_SHIFT);
  }

  void gauge(int gauge) {
    setField(GAUGE_SHIFT, gauge);
  }

  /// What the parser said of the reply.
  public ReplyType replyType() {
    return TYPES[field(TYPE_SHIFT)];
  }

  /// The word that an error reply begins with.
  public ErrorWord errorWord() {
    return WORDS[field(WORD_SHIFT)];
  }

  /// Of a fragment: its place among the division's parts.
  public int place() {
    return place;
  }

  public void place(int among) {
    place = among;
  }

  /// Of a request in a client's hands: the mbufs that count as that client's for it; see
  /// [HeldMemory].
  int pins() {
    return place;
  }

  void pins(int mbufs) {
    place = mbufs;
  }

  /// Notes how many bytes its connection had been given when it was.
  public void sentMark(long handedBytes) {
    sentMark = (int) handedBytes;
  }

  /// How many of its bytes, and of those before it, the kernel has not accepted yet; 0 or less when
  /// it is sent. The two counts are never further apart than the low 32 bits can count.
  public int unsent(long acceptedBytes) {
    return sentMark - (int) acceptedBytes;
  }

  /// Whether the kernel has accepted its last byte.
  boolean isSent(long acceptedBytes) {
    return unsent(acceptedBytes) <= 0;
  }

  /// Whether the kernel has accepted its first byte.
  public boolean isBegun(long acceptedBytes) {
    return unsent(acceptedBytes) < requestBytes;
  }

  /// Whether this is a fragment whose owner waits for it.
  public boolean isFragment() {
    return division != null && division.owner != this;
  }

  /// Whether the client got a reply that is not the server's, so that the server's is dropped.
  public boolean isAnswered() {
    return is(EXPIRED | REPLY_TOO_LONG);
  }

  /// Whether anybody waits for the server's reply.
  public boolean awaited() {
    return !isAnswered() && !is(NOREPLY) && (client != null || isFragment());
  }

  /// Notes what the parser said of the reply.
  public void keepOutcome(ReplyView view) {
    setField(TYPE_SHIFT, view.type().ordinal());
    setField(WORD_SHIFT, view.errorWord().ordinal());
    if (isFragment()) {
      division.part(place).keepOutcome(view);
    }
  }

  /// The client that asked: of a fragment its owner's. Null when it is gone.
  public Requester asker() {
    return isFragment() ? division.owner.client : client;
  }

  void clear() {
    request.clear();
    reply.clear();
    command = null;
    client = null;
    error = null;
    division = null;
    flags = 0;
    requestBytes = 0;
    failureEpoch = 0;
    place = 0;
    sentMark = 0;
    deadline = Long.MAX_VALUE;
  }
}
