package twemlab.proxy;

import twemlab.event.Channel;
import twemlab.event.Containment;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufChain;
import twemlab.protocol.ParseResult;
import twemlab.protocol.RefusalReason;
import twemlab.protocol.RequestParser;
import twemlab.protocol.command.Complaint;
import twemlab.proxy.message.HeldMemory;
import twemlab.proxy.message.Msg;
import twemlab.proxy.message.MsgQueue;
import twemlab.proxy.message.RequestQueue;
import twemlab.proxy.message.Requester;
import twemlab.proxy.message.ServerPins;
import twemlab.proxy.stats.PoolField;

/// A client; C counterparts nc_client.c and the reading half of nc_request.c.
///
/// Requests are parsed as they arrive and stand in [#outQueue] in that order; replies leave in that
/// order, however they came. A client that asks for more than it takes is not read from until what
/// it holds has shrunk: by the limits below, and by its share of
/// [twemlab.proxy.message.MemoryBudget].
final class ClientConn implements Channel.Handler, Requester {
  /// Requests parsed for one client in one turn.
  private static final int REQUESTS_PER_TURN = 128;

  /// Requests outstanding, from which on nothing more is read.
  static final int MOST_REQUESTS = 1024;

  /// Bytes of requests and undelivered replies, from which on nothing more is read; but one request
  /// alone may be longer.
  static final int MOST_BYTES = 1 << 20;

  /// So long, in nanoseconds, after its last request a refused transaction is still being sent.
  private static final long REFUSAL_HOLDS = 1_000_000_000;

  private final ServerPool pool;
  private final Context context;
  private final Channel channel;
  private final RequestParser parser;
  private final MsgQueue outQueue = new MsgQueue();

  /// The bytes of the request that is being read, if it began in an earlier range.
  private final MbufChain building = new MbufChain();

  /// The connections of the servers that this client uses.
  private final ServerPins serverPins;

  /// The message that is being forwarded: an exception must not lose it.
  private Msg begun;

  private final HeldMemory held;
  private int place;
  private long turn;
  private int parsedInTurn;

  /// Nothing is read for now.
  private boolean paused;

  /// It is on the list of [WaitingClients], which ends the pause.
  private boolean waiting;

  /// The connection that this client's last request went to, if its queue was over its share.
  private RequestQueue crowded;

  /// Nothing more is read; when everything is answered, the connection is closed.
  private boolean finishing;

  /// The last request is being divided: nothing more is parsed until that is done.
  private boolean dividing;

  private boolean closed;
  private boolean authenticated;
  private boolean transactionRefused;
  private long refusedAt;

  ClientConn(ServerPool pool, Channel channel) {
    this.pool = pool;
    this.context = pool.context;
    this.channel = channel;
    this.parser = pool.newRequestParser();
    this.held = new HeldMemory(context.mbufs);
    this.serverPins = new ServerPins(pool.serverCount());
    this.authenticated = pool.conf.redisAuth().isEmpty();
    pool.clientOpened(this);
    waitIfExhausted();
    if (pool.draining()) {
      readRest();
    }
  }

  /// When nothing is left to be shared out, nobody is read from: what is sent to an open connection
  /// is in our buffers before it can be judged.
  void waitIfExhausted() {
    if (!paused
        && !finishing
        && context.memory.isExhausted()
        && !context.waiting.isPreferred(this)) {
      waitForMemory();
    }
  }

  private void waitForMemory() {
    pause();
    waiting = true;
    context.waiting.add(this);
  }

  /// Takes what has arrived, and nothing that comes later.
  void readRest() {
    channel.readRest();
  }

  /// The orderly end has read all that had arrived.
  @Override
  public void onRestRead(Channel from) {
    finish();
  }

  @Override
  public void onConnected(Channel connected) {
    throw new IllegalStateException("an accepted connection is connected");
  }

  // tag::on-bytes[]
  @Override
  public int onBytes(Channel from, Mbuf mbuf, int start, int end) {
    int position = start;
    while (position < end && !finishing && !closed) {
      if (dividing || mustPause() || isTurnOver()) {
        return position;
      }
      position = parse(mbuf, position, end);
    }
    if (!finishing && !closed) {
      // Before more is read that could not be taken.
      mustPause();
    }
    return end;
  }

  // end::on-bytes[]

  private boolean isTurnOver() {
    if (turn != context.loop.turns()) {
      turn = context.loop.turns();
      parsedInTurn = 0;
    }
    return parsedInTurn >= REQUESTS_PER_TURN;
  }

  /// Whether this client has had its share of the memory; then it is not read from for now.
  private boolean mustPause() {
    if (!paused) {
      if (isOverBounds(1)) {
        pause();
      } else if (!mayHoldMore()) {
        waitForMemory();
      }
    }
    return paused;
  }

  private void pause() {
    paused = true;
    channel.pauseReading();
  }

  /// Whether more is outstanding than one client may have, or than a part of that.
  ///
  /// Whatever counts here must say when it becomes less, or the client waits forever: held bytes do
  /// with each reply, and what the channel has pending only when it becomes writable again. What is
  /// pending on a writable channel is little, and does not count.
  private boolean isOverBounds(int divisor) {
    long pending = channel.writable() ? 0 : channel.pendingBytes();
    long outstanding = held.bytes() + pending;
    return requests() >= MOST_REQUESTS / divisor
        || (outstanding > 0 && outstanding + building.length() >= MOST_BYTES / divisor);
  }

  private int requests() {
    return outQueue.size() + held.noreply();
  }

  /// Mbufs that are kept for this client.
  private long pins() {
    return (long) held.pins() + building.rangeCount() + channel.pendingRanges();
  }

  private boolean mayHoldMore() {
    if (crowded != null && !crowded.isCrowded(1)) {
      crowded = null;
    }
    boolean granted = crowded == null && context.memory.grants(pins(), requests());
    return granted || (context.waiting.isPreferred(this) && context.memory.grantsReserve());
  }

  /// The request that was made last went to a server whose queue is over its share.
  @Override
  public void crowding(RequestQueue queue) {
    crowded = queue;
  }

  /// Whether a part of a request is here, which is of no use without the rest.
  boolean isAmidRequest() {
    return building.length() > 0;
  }

  /// Whether it is not read from for now.
  boolean isPaused() {
    return paused;
  }

  /// Bytes of that part.
  int unfinishedBytes() {
    return building.length();
  }

  /// Ends the wait for memory, if there is enough again.
  ///
  /// @return whether it no longer waits
  boolean waitIsOver() {
    if (closed || finishing) {
      waiting = false;
      return true;
    }
    boolean preferred = context.waiting.isPreferred(this) && context.memory.grantsReserve();
    boolean free =
        (crowded == null || !crowded.isCrowded(2))
            && context.memory.grantsAgain(pins(), requests());
    if (!preferred && !free) {
      return false;
    }
    waiting = false;
    relieve();
    return true;
  }

  /// Parses one request, or what there is of it.
  ///
  /// @return the position behind what was parsed
  private int parse(Mbuf mbuf, int start, int end) {
    ParseResult result = parser.parse(mbuf.segment(), mbuf.base() + start, mbuf.base() + end);
    int position = (int) (parser.position() - mbuf.base());
    switch (result) {
      case AGAIN -> {
        if (parser.view().refusal() == RefusalReason.NONE) {
          building.appendOrCopy(mbuf, start, position, context.mbufs.smallPiece());
        } else {
          building.clear();
        }
      }
      // tag::parsed[]
      case OK -> {
        parsedInTurn++;
        Msg msg = begin();
        collect(msg, mbuf, start, position);
        pool.requests.forward(this, msg, parser.view());
        begun = null;
        parser.reset();
      }
      // end::parsed[]
      case INLINE -> {
        parsedInTurn++;
        takeLine(mbuf, start, position);
      }
      case UNSUPPORTED -> {
        parsedInTurn++;
        forgetBeginning();
        pool.requests.refuse(this, begin(), parser.view());
        begun = null;
        parser.reset();
      }
      case ERROR -> {
        forgetBeginning();
        broken(begin(), parser.view().complaint());
      }
    }
    return position;
  }

  /// Gives a message its request, of which an earlier range may have had the beginning.
  private void collect(Msg msg, Mbuf mbuf, int start, int end) {
    if (building.length() > 0) {
      msg.request.append(building, 0, building.length());
      building.clear();
      msg.request.appendOrCopy(mbuf, start, end, context.mbufs.smallPiece());
      context.waiting.finished(this);
    } else {
      msg.request.append(mbuf, start, end);
    }
  }

  private void forgetBeginning() {
    building.clear();
    context.waiting.finished(this);
  }

  /// A request in words: from here on it is the array that it stands for.
  private void takeLine(Mbuf mbuf, int start, int end) {
    Msg msg = begin();
    collect(msg, mbuf, start, end);
    parser.reset();
    ParseResult result = context.inlineRequests.translate(msg.request, parser);
    if (result == ParseResult.OK) {
      pool.requests.forward(this, msg, parser.view());
    } else if (result == ParseResult.UNSUPPORTED) {
      msg.request.clear();
      pool.requests.refuse(this, msg, parser.view());
    } else {
      msg.request.clear();
      broken(msg, result == null ? Complaint.UNBALANCED_QUOTES : parser.view().complaint());
      return;
    }
    begun = null;
    parser.reset();
  }

  /// What follows cannot be read: says so, and ends the connection behind it.
  private void broken(Msg msg, Complaint complaint) {
    pool.stats.add(PoolField.CLIENT_ERR, 1);
    pool.requests.complain(this, msg, complaint, parser.view());
    begun = null;
    finish();
  }

  /// A message for a request, which is in nobody's hands until the forwarder is through.
  private Msg begin() {
    begun = context.msgs.take();
    return begun;
  }

  /// Puts a request behind those that are waiting for their replies.
  void enqueue(Msg msg) {
    msg.client = this;
    msg.inClientQueue(true);
    outQueue.add(msg);
    held.requested(msg);
    compact();
  }

  private void compact() {
    if (held.isWasteful()) {
      held.compact(outQueue, context.together);
    }
  }

  /// Whether the last request is still being divided. The next one may not overtake it on its way
  /// to a server.
  @Override
  public void dividing(boolean now) {
    dividing = now;
  }

  /// A request without reply has been forwarded.
  void enqueueNoreply(Msg msg) {
    msg.client = this;
    msg.noreply();
    held.requestedNoreply(msg);
  }

  @Override
  public ServerPins serverPins() {
    return serverPins;
  }

  /// A request without reply has been answered, or has failed.
  @Override
  public void noreplyDone(Msg msg) {
    held.noreplyDone(msg);
    relieve();
  }

  /// A request has its reply: whatever is complete at the head of the queue is sent.
  @Override
  public void answered(Msg msg) {
    msg.done();
    boolean waits = outQueue.peek() != msg;
    held.replied(msg, waits);
    if (waits) {
      compact();
    } else {
      advance();
    }
  }

  /// Bytes of replies, whole or in part, that this client has not taken.
  long owedBytes() {
    long owed = channel.pendingBytes();
    for (int i = 0; i < outQueue.size(); i++) {
      Msg msg = outQueue.get(i);
      owed += msg.reply.length();
      if (msg.division != null) {
        owed += msg.division.replyBytes();
      }
    }
    return owed;
  }

  /// Closes the connection, for the memory that it holds.
  void evict() {
    pool.stats.add(PoolField.CLIENT_ERR, 1);
    channel.closeNow();
    gone();
  }

  // tag::advance[]
  private void advance() {
    for (Msg head = outQueue.peek(); head != null && head.isDone(); head = outQueue.peek()) {
      outQueue.poll();
      head.inClientQueue(false);
      held.done(head);
      head.reply.sendTo(channel);
      if (!head.inServerQueue()) {
        context.msgs.release(head);
      }
    }
    relieve();
    closeIfFinished();
  }

  // end::advance[]

  private void relieve() {
    if (paused && !waiting && !closed && !finishing && !isOverBounds(2)) {
      paused = false;
      channel.resumeReading();
    }
  }

  @Override
  public void onWritable(Channel from) {
    relieve();
  }

  @Override
  public void onEnd(Channel from) {
    building.clear();
    context.waiting.finished(this);
    if (!finishing) {
      pool.stats.add(PoolField.CLIENT_EOF, 1);
      finish();
    }
  }

  /// The client asked to end the connection.
  void quit() {
    pool.stats.add(PoolField.CLIENT_EOF, 1);
    finish();
  }

  /// Reads nothing more; what was asked for before is answered, then the connection is closed.
  void finish() {
    if (!finishing) {
      finishing = true;
      channel.pauseReading();
      closeIfFinished();
    }
  }

  private void closeIfFinished() {
    if (finishing && !closed && outQueue.isEmpty()) {
      channel.closeDrained();
      gone();
    }
  }

  @Override
  public void onClosed(Channel from, Errno errno) {
    if (!finishing) {
      pool.stats.add(PoolField.CLIENT_ERR, 1);
    }
    gone();
  }

  @Override
  public void onBroken(Channel from, RuntimeException failure) {
    onBroken(failure);
  }

  /// Work for this client threw, outside of its channel's upcalls.
  @Override
  public void onBroken(RuntimeException failure) {
    Containment.check(failure);
    context
        .failures()
        .report(
            pool.stats, "a client of pool '" + pool.conf.name() + "'", failure, context.loop.now());
    breakOff();
  }

  /// Something went wrong in the middle of a request or a reply of this client: nobody knows what
  /// it has been told, so it is told nothing more.
  @Override
  public void breakOff() {
    Msg left = begun;
    begun = null;
    if (!closed) {
      pool.stats.add(PoolField.CLIENT_ERR, 1);
      channel.closeNow();
      gone();
    }
    if (left != null && !left.isFree()) {
      pool.responses.abandonIfLoose(left);
    }
  }

  /// The connection is closed: its outstanding requests have no waiting client.
  private void gone() {
    closed = true;
    building.clear();
    context.waiting.finished(this);
    for (Msg msg = outQueue.poll(); msg != null; msg = outQueue.poll()) {
      pool.responses.abandon(msg);
    }
    serverPins.release((server, connection) -> pool.server(server).unpin(connection));
    pool.clientClosed(place);
  }

  /// Ends a period of the queue of requests; see [twemlab.proxy.message.IdleMemory].
  void trim() {
    outQueue.trim();
  }

  /// Where the pool's list has this client.
  void register(int newPlace) {
    place = newPlace;
  }

  boolean authenticated() {
    return authenticated;
  }

  /// Whether what comes belongs to a transaction that was refused: it must not be executed outside
  /// of one. This ends with the transaction, or when the client has been silent for a while, so
  /// that it has read the refusal and speaks of something else.
  boolean transactionRefused() {
    if (!transactionRefused) {
      return false;
    }
    long now = context.loop.now();
    transactionRefused = now - refusedAt < REFUSAL_HOLDS;
    refusedAt = now;
    return transactionRefused;
  }

  /// A transaction was refused, or a refused one has ended.
  void transactionRefused(boolean now) {
    transactionRefused = now;
    refusedAt = context.loop.now();
  }

  void authenticated(boolean now) {
    authenticated = now;
  }

  /// The descriptor, which names the client in `CLIENT ID` and in the log.
  int descriptor() {
    return channel.descriptor();
  }

  boolean closed() {
    return closed;
  }
}
