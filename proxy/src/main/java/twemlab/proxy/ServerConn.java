package twemlab.proxy;

import twemlab.event.Channel;
import twemlab.event.Containment;
import twemlab.event.TimerWheel;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;
import twemlab.protocol.ParseResult;
import twemlab.protocol.ReplyParser;
import twemlab.protocol.ReplyType;
import twemlab.protocol.command.RedisCommand;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.message.Msg;
import twemlab.proxy.message.RequestQueue;
import twemlab.proxy.message.Requester;
import twemlab.proxy.message.ServerQueues;
import twemlab.proxy.stats.ServerField;

/// A connection to a server, made when it is first needed and again after it was lost; C
/// counterparts nc_server.c and the reading half of nc_response.c.
///
/// ```text
/// IDLE ─► RESOLVING ─► CONNECTING ─► SETUP (AUTH, SELECT) ─► READY
///   ▲         └────────────┴───────────────┴──────────────────┤
///   └──────────── closed: whatever is queued gets an error ───┘
/// ```
///
/// A server answers in order, so the first reply belongs to the first request in the outQueue. A
/// request that times out is answered at once with an error and stays there as a tombstone, which
/// swallows its late reply; the younger requests go on. (twemproxy closes the connection and fails
/// them all.)
final class ServerConn implements Channel.Handler, RequestQueue {
  private static final int TOMBSTONES_MAX = 1024;

  private enum State {
    IDLE,
    RESOLVING,
    CONNECTING,
    SETUP,
    READY
  }

  private final Server server;
  private final ServerPool pool;
  private final Context context;
  private final ReplyParser parser;
  private final ServerQueues queues;
  private final TimerWheel.Timer timer = new TimerWheel.Timer(this::onTimer);
  private final ServerQueues.Taker timedOut;
  private State state = State.IDLE;
  private Channel channel;

  /// Counts the connections made, so that a late answer of the resolver finds the one it was for.
  private int attempt;

  private long handedBytes;

  /// Left its queue, and not yet where its reply goes: an exception must not lose it.
  private Msg delivering;

  /// When the first tombstone was set, or a byte has come since.
  private long quietSince;

  private final Progress progress = new Progress();

  ServerConn(Server server) {
    this.server = server;
    this.pool = server.pool;
    this.context = pool.context;
    this.parser = pool.newReplyParser();
    this.queues = new ServerQueues(server.stats);
    this.timedOut = this::timeOut;
  }

  /// Requests that wait for this server.
  int outstanding() {
    return queues.size();
  }

  /// Whether the queue is over its share of the memory.
  ///
  /// @param factor how many times what is queued must fit the share
  @Override
  public boolean isCrowded(int factor) {
    long bytes = server.stats.get(ServerField.IN_QUEUE_BYTES);
    return !context.memory.grantsQueue(factor * bytes, factor * queues.size());
  }

  /// Ends a period of the queues; see [twemlab.proxy.message.IdleMemory].
  void trim() {
    queues.trim();
  }

  /// The same without the tombstones.
  int unanswered() {
    return queues.size() - queues.tombstones();
  }

  boolean hasChannel() {
    return channel != null;
  }

  /// Queues a request, and connects if there is no connection. Nothing is answered from within.
  // tag::enqueue[]
  void enqueue(Msg msg) {
    msg.requestBytes = msg.request.length();
    msg.deadline = pool.deadline();
    msg.failureEpoch = server.failureEpoch();
    queues.add(msg);
    if (isCrowded(1) && msg.asker() != null) {
      msg.asker().crowding(this);
    }
    watch(msg.deadline);
    if (state == State.READY) {
      handOver();
    } else if (state == State.IDLE) {
      open();
    }
  }

  // end::enqueue[]

  private void watch(long deadline) {
    if (deadline != Long.MAX_VALUE && !timer.scheduled()) {
      context.loop.timers().schedule(timer, deadline);
    }
  }

  /// Connects, if there is no connection.
  void open() {
    if (state != State.IDLE) {
      return;
    }
    attempt++;
    context.stats.connectionOpened();
    try {
      begin();
    } catch (RuntimeException e) {
      Containment.check(e);
      // Not the fault of the client that asked; and nothing is answered from within its request.
      int failed = attempt;
      context.loop.post(() -> endAttempt(failed, e));
    }
  }

  private void endAttempt(int failed, RuntimeException failure) {
    if (attempt == failed && channel == null && state != State.IDLE) {
      breakOff(failure);
    }
  }

  private void begin() {
    switch (server.conf.endpoint()) {
      case Endpoint.Unix unix -> connect(new Address.Unix(unix.path()));
      case Endpoint.Inet inet -> {
        state = State.RESOLVING;
        int asking = attempt;
        ServerLookup.start(
            context,
            inet,
            address -> ifAwaited(asking, () -> connect(address)),
            errno -> ifAwaited(asking, () -> close(errno)));
      }
    }
  }

  private void connect(Address address) {
    state = State.CONNECTING;
    channel = context.transport.connect(address, this);
  }

  /// What becomes of the resolver's answer, if this connection still waits for it.
  private void ifAwaited(int asking, Runnable action) {
    if (asking == attempt && state == State.RESOLVING) {
      try {
        action.run();
      } catch (RuntimeException e) {
        breakOff(e);
      }
    }
  }

  // tag::on-connected[]
  @Override
  public void onConnected(Channel connected) {
    server.stats.add(ServerField.SERVER_CONNECTIONS, 1);
    state = State.SETUP;
    PoolConf conf = pool.conf;
    if (conf.redisAuth().isPresent()) {
      setUp(RedisCommand.AUTH, conf.redisAuth().get());
    } else {
      selectDatabase();
    }
  }

  // end::on-connected[]

  private void selectDatabase() {
    if (pool.conf.redisDb() > 0) {
      setUp(RedisCommand.SELECT, Integer.toString(pool.conf.redisDb()));
    } else {
      state = State.READY;
      handOver();
    }
  }

  /// Sends a command that prepares the connection. Nothing else is sent before its `+OK`.
  private void setUp(RedisCommand command, String argument) {
    Msg msg = ServerSetup.request(context, command, argument);
    msg.deadline = pool.deadline();
    watch(msg.deadline);
    hand(msg);
  }

  private void setUpDone(Msg msg, ReplyType type) {
    boolean auth = msg.command == RedisCommand.AUTH;
    context.msgs.release(msg);
    if (type != ReplyType.STATUS) {
      ServerSetup.logFailure(server, auth);
      close(
          auth ? pool.errors.authenticationFailed : pool.errors.selectFailed, Errno.EACCES, false);
    } else if (auth) {
      selectDatabase();
    } else {
      state = State.READY;
      handOver();
    }
  }

  /// Gives queued requests to the channel, as long as it is willing to take more.
  private void handOver() {
    while (channel.writable()) {
      Msg msg = queues.nextToHand();
      if (msg == null) {
        return;
      }
      hand(msg);
    }
  }

  // tag::hand[]
  private void hand(Msg msg) {
    handedBytes += msg.request.length();
    msg.sentMark(handedBytes);
    msg.failureEpoch = server.failureEpoch();
    queues.hand(msg);
    msg.request.sendTo(channel);
  }

  // end::hand[]

  @Override
  public void onWritable(Channel from) {
    if (state == State.READY) {
      handOver();
    }
  }

  // tag::on-bytes[]
  @Override
  public int onBytes(Channel from, Mbuf mbuf, int start, int end) {
    quietSince = context.loop.now();
    progress.came(quietSince);
    context.waiting.makeRoom();
    int position = start;
    while (position < end && channel != null) {
      Msg msg = queues.owed();
      if (msg == null || !msg.isBegun(from.acceptedBytes())) {
        wrongReply("stray", from);
        close(Errno.EINVAL);
      } else {
        position = parse(msg, mbuf, position, end);
      }
    }
    return end;
  }

  // end::on-bytes[]

  private void wrongReply(String how, Channel from) {
    if (context.lines.wrongReplies.wanted(context.loop.now())) {
      context.lines.wrongReplies.print(
          how + " reply on s " + from.descriptor() + " '" + name() + "'");
    }
  }

  private String name() {
    return server.conf.pname();
  }

  /// Parses the reply to a request, or what there is of it.
  ///
  /// @return the position behind what was parsed
  private int parse(Msg msg, Mbuf mbuf, int start, int end) {
    ParseResult result = parser.parse(mbuf.segment(), mbuf.base() + start, mbuf.base() + end);
    int position = (int) (parser.position() - mbuf.base());
    if (result == ParseResult.ERROR) {
      wrongReply("unparsable", channel);
      close(Errno.EINVAL);
      return position;
    }
    if (msg.awaited()) {
      keep(msg, mbuf, start, position);
    }
    if (result == ParseResult.OK) {
      complete(msg.awaited());
    }
    return position;
  }

  /// Keeps what came of a reply. One that is longer than is passed on fails its own request alone:
  /// the connection is not its client's.
  // tag::keep[]
  private void keep(Msg msg, Mbuf mbuf, int start, int end) {
    if (pool.responses.isTooLong(msg, parser.view().lengthAtLeast())) {
      msg.replyTooLong();
      pool.responses.fail(msg, pool.errors.replyTooLong);
    } else {
      // What comes whole is sent at once; what comes in pieces stays until the last one is here.
      int copyBelow = msg.reply.length() > 0 ? context.mbufs.smallPiece() : 0;
      msg.reply.appendOrCopy(mbuf, start, end, copyBelow);
    }
  }

  // end::keep[]

  /// The reply to the oldest request is whole.
  // tag::complete[]
  private void complete(boolean awaited) {
    Msg msg = queues.answered();
    delivering = msg;
    msg.keepOutcome(parser.view());
    long replyBytes = parser.view().length();
    parser.reset();
    long accepted = channel.acceptedBytes();
    progress.answered(accepted, msg.unsent(accepted));
    if (awaited || msg.isReplyTooLong()) {
      server.stats.add(ServerField.RESPONSES, 1);
      server.stats.add(ServerField.RESPONSE_BYTES, replyBytes);
    }
    if (msg.isSetup()) {
      setUpDone(msg, msg.replyType());
    } else if (msg.isAnswered()) {
      pool.responses.releaseIfFree(msg);
    } else {
      server.judge(msg);
      pool.responses.answered(msg);
    }
    delivering = null;
  }

  // end::complete[]

  private void onTimer(long now) {
    try {
      expire(now);
    } catch (RuntimeException e) {
      breakOff(e);
    }
  }

  /// A deadline has passed, or may have.
  private void expire(long now) {
    if (state != State.READY && queues.nextDeadline() <= now) {
      close(Errno.ETIMEDOUT);
      return;
    }
    if (queues.tombstones() == 0) {
      quietSince = now;
    }
    queues.expire(now, timedOut);
    boolean quiet = queues.tombstones() > 0 && quietSince + pool.timeoutNanos() <= now;
    if (quiet || queues.tombstones() > TOMBSTONES_MAX) {
      close(Errno.ETIMEDOUT);
      return;
    }
    long next = queues.nextDeadline();
    if (queues.tombstones() > 0) {
      next = Math.min(next, quietSince + pool.timeoutNanos());
    }
    watch(next);
  }

  private void timeOut(Msg msg) {
    long since = context.loop.now() - pool.timeoutNanos();
    boolean replyBegun = parser.view().length() > 0;
    if (!progress.isMoving(since, replyBegun, channel != null && channel.pendingBytes() > 0)) {
      server.failed(msg.failureEpoch);
    }
    if (!msg.inServerQueue()) {
      msg.request.clear();
    }
    if (!msg.isReplyTooLong()) {
      pool.responses.fail(msg, pool.errors.of(Errno.ETIMEDOUT));
    }
  }

  @Override
  public void onEnd(Channel from) {
    close(pool.errors.of(Errno.UNKNOWN), Errno.UNKNOWN, true);
  }

  @Override
  public void onClosed(Channel from, Errno errno) {
    close(errno);
  }

  @Override
  public void onBroken(Channel from, RuntimeException failure) {
    breakOff(failure);
  }

  /// An error of ours costs this connection, and the client whose reply was being delivered: nobody
  /// knows how much of it that client has.
  private void breakOff(RuntimeException failure) {
    Containment.check(failure);
    context.failures().report(pool.stats, "server '" + name() + "'", failure, context.loop.now());
    Msg msg = delivering;
    delivering = null;
    if (msg != null && !msg.isFree()) {
      Requester waiting = msg.asker();
      if (waiting != null) {
        waiting.breakOff();
      }
      if (!msg.isFree()) {
        pool.responses.releaseIfFree(msg);
      }
    }
    if (state != State.IDLE) {
      server.countClose(Errno.EINVAL, false);
      disconnect();
    }
    byte[] line = pool.errors.of(Errno.EINVAL);
    queues.drain(each -> pool.responses.lost(each, line));
  }

  private void close(Errno errno) {
    close(pool.errors.of(errno), errno, false);
  }

  /// The connection is lost, or of no use any more: whatever is queued is answered with the line.
  private void close(byte[] line, Errno errno, boolean endOfStream) {
    if (context.lines.closedServers.wanted(context.loop.now())) {
      String cause = endOfStream ? "eof" : errno.text();
      context.lines.closedServers.print("close s '" + name() + "': " + cause);
    }
    server.countClose(errno, endOfStream);
    boolean counts = countsAsFailure(errno, endOfStream);
    disconnect();
    if (counts) {
      server.failed();
    }
    queues.drain(msg -> pool.responses.lost(msg, line));
  }

  /// Whether the end of the connection says that the server is ill. It may end an idle connection,
  /// and one on which it refused a request before it had read it. What tombstones told already is
  /// not counted again; and what this machine lacks is not the server's fault.
  private boolean countsAsFailure(Errno errno, boolean endOfStream) {
    boolean idle = endOfStream && queues.size() == 0;
    boolean told = errno == Errno.ETIMEDOUT && queues.tombstones() > 0;
    boolean refused = channel != null && progress.refused(channel.acceptedBytes());
    return !idle && !told && !refused && !FailureCount.isOfThisMachine(errno);
  }

  private void disconnect() {
    if (state == State.SETUP || state == State.READY) {
      server.stats.add(ServerField.SERVER_CONNECTIONS, -1);
    }
    context.stats.connectionClosed();
    state = State.IDLE;
    if (channel != null) {
      channel.closeNow();
      channel = null;
    }
    context.loop.timers().cancel(timer);
    parser.reset();
    handedBytes = 0;
    progress.clear();
  }

  /// Brings up to date what has been sent.
  void endTurn() {
    if (channel == null || queues.size() == 0) {
      return;
    }
    long accepted = channel.acceptedBytes();
    queues.markSent(accepted);
    progress.taken(accepted, context.loop.now());
  }
}
