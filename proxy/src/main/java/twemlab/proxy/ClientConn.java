package twemlab.proxy;

import java.util.Arrays;
import twemlab.event.Channel;
import twemlab.event.Mbuf;
import twemlab.event.MbufChain;
import twemlab.event.kernel.Errno;
import twemlab.protocol.ParseResult;
import twemlab.protocol.RefusalReason;
import twemlab.protocol.RequestParser;
import twemlab.proxy.stats.PoolField;

/// A client; C counterparts nc_client.c and the reading half of nc_request.c.
///
/// Requests are parsed as they arrive and stand in [#outQueue] in that order; replies leave in that
/// order, however they came. A client that asks for more than it takes is not read from until what
/// it is owed has shrunk; one that is owed more than the hard limit is closed.
final class ClientConn implements Conn, Channel.Handler {
  /// Requests parsed for one client in one turn.
  private static final int REQUESTS_PER_TURN = 128;

  /// Requests outstanding, from which on nothing more is read.
  static final int SOFT_REQUESTS = 1024;

  /// Bytes of requests and replies outstanding, from which on nothing more is read.
  static final int SOFT_BYTES = 1 << 20;

  /// Bytes of replies undelivered, from which on the client is closed.
  static final long HARD_BYTES = 256L << 20;

  private final ServerPool pool;
  private final Context context;
  private final Channel channel;
  private final RequestParser parser;
  private final MsgQueue outQueue = new MsgQueue();

  /// The bytes of the request that is being read, if it began in an earlier range.
  private final MbufChain building = new MbufChain();

  /// The connection of each server that this client is pinned to, or -1.
  private int[] pins;

  /// The message that is being forwarded: an exception must not lose it.
  private Msg begun;

  private int place;
  private long outstandingBytes;
  private int noreplyOutstanding;
  private long turn;
  private int parsedInTurn;
  private boolean paused;

  /// Nothing more is read; when everything is answered, the connection is closed.
  private boolean finishing;

  private boolean closed;
  private boolean authenticated;

  ClientConn(ServerPool pool, Channel channel) {
    this.pool = pool;
    this.context = pool.context;
    this.channel = channel;
    this.parser = pool.newRequestParser();
    this.authenticated = pool.conf.redisAuth().isEmpty();
    pool.clientOpened(this);
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
      if (mustWait()) {
        return position;
      }
      position = parse(mbuf, position, end);
    }
    return end;
  }

  // end::on-bytes[]

  /// Whether this client has had its share: of this turn, or of the memory.
  private boolean mustWait() {
    if (overloaded(1)) {
      paused = true;
      channel.pauseReading();
      return true;
    }
    if (turn != context.loop.turns()) {
      turn = context.loop.turns();
      parsedInTurn = 0;
    }
    return parsedInTurn >= REQUESTS_PER_TURN;
  }

  private boolean overloaded(int divisor) {
    return outQueue.size() + noreplyOutstanding >= SOFT_REQUESTS / divisor
        || outstandingBytes + channel.pendingBytes() >= SOFT_BYTES / divisor;
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
          building.append(mbuf, start, position);
        } else {
          building.clear();
        }
      }
      // tag::parsed[]
      case OK -> {
        parsedInTurn++;
        Msg msg = begin();
        if (building.length() > 0) {
          msg.request.append(building, 0, building.length());
          building.clear();
        }
        msg.request.append(mbuf, start, position);
        pool.requests.forward(this, msg, parser.view());
        begun = null;
        parser.reset();
      }
      // end::parsed[]
      case UNSUPPORTED -> {
        parsedInTurn++;
        building.clear();
        pool.requests.refuse(this, begin(), parser.view());
        begun = null;
        parser.reset();
      }
      case ERROR -> {
        building.clear();
        pool.stats.add(PoolField.CLIENT_ERR, 1);
        finish();
      }
    }
    return position;
  }

  /// A message for a request, which is in nobody's hands until the forwarder is through.
  private Msg begin() {
    begun = context.msgs.take();
    return begun;
  }

  /// Puts a request behind those that are waiting for their replies.
  void enqueue(Msg msg) {
    msg.client = this;
    msg.inClientQueue = true;
    msg.requestBytes = msg.request.length();
    outstandingBytes += msg.requestBytes;
    outQueue.add(msg);
  }

  /// A request without reply has been forwarded.
  void enqueueNoreply(Msg msg) {
    msg.client = this;
    msg.noreply = true;
    noreplyOutstanding++;
  }

  /// A request without reply has been answered, or has failed.
  void noreplyDone() {
    noreplyOutstanding--;
    relieve();
  }

  /// A request has its reply: whatever is complete at the head of the queue is sent.
  void answered(Msg msg) {
    msg.done = true;
    // Without this reply: one reply may be of any size.
    boolean owedTooMuch = outstandingBytes + channel.pendingBytes() > HARD_BYTES;
    outstandingBytes += msg.reply.length();
    if (outQueue.peek() == msg) {
      advance();
    }
    if (!closed && owedTooMuch) {
      context.log.warn(
          "client of pool '"
              + pool.conf.name()
              + "' is owed more than "
              + HARD_BYTES
              + " bytes and takes none: closed");
      pool.stats.add(PoolField.CLIENT_ERR, 1);
      channel.closeNow();
      gone();
    }
  }

  // tag::advance[]
  private void advance() {
    for (Msg head = outQueue.peek(); head != null && head.done; head = outQueue.peek()) {
      outQueue.poll();
      head.inClientQueue = false;
      outstandingBytes -= head.heldBytes();
      head.reply.sendTo(channel);
      if (!head.inServerQueue) {
        context.msgs.release(head);
      }
    }
    relieve();
    closeIfFinished();
  }

  // end::advance[]

  private void relieve() {
    if (paused && !closed && !finishing && !overloaded(2)) {
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
    context
        .failures()
        .report(
            pool.stats, "a client of pool '" + pool.conf.name() + "'", failure, context.loop.now());
    breakOff();
  }

  /// Something went wrong in the middle of a request or a reply of this client: nobody knows what
  /// it has been told, so it is told nothing more.
  void breakOff() {
    Msg left = begun;
    begun = null;
    if (!closed) {
      pool.stats.add(PoolField.CLIENT_ERR, 1);
      channel.closeNow();
      gone();
    }
    if (left != null && !left.free) {
      pool.responses.abandonIfLoose(left);
    }
  }

  /// The connection is no more: nobody waits for what is under way.
  private void gone() {
    closed = true;
    building.clear();
    for (Msg msg = outQueue.poll(); msg != null; msg = outQueue.poll()) {
      pool.responses.abandon(msg);
    }
    if (pins != null) {
      for (int server = 0; server < pins.length; server++) {
        if (pins[server] >= 0) {
          pool.server(server).unpin(pins[server]);
        }
      }
    }
    pool.clientClosed(place);
  }

  /// The connection of a server that this client uses, or -1 if none has been chosen.
  int pin(int server) {
    return pins == null ? -1 : pins[server];
  }

  void pin(int server, int connection) {
    if (pins == null) {
      pins = new int[pool.serverCount()];
      Arrays.fill(pins, -1);
    }
    pins[server] = connection;
  }

  /// Where the pool's list has this client.
  void register(int newPlace) {
    place = newPlace;
  }

  boolean authenticated() {
    return authenticated;
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
