package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import twemlab.event.kernel.Errno;
import twemlab.hashing.KeyRouter;
import twemlab.protocol.RefusalReason;
import twemlab.protocol.RequestView;
import twemlab.protocol.command.Command;
import twemlab.protocol.command.Complaint;
import twemlab.protocol.command.FanOut;
import twemlab.protocol.command.Handling;
import twemlab.protocol.command.RedisCommand;
import twemlab.proxy.message.Division;
import twemlab.proxy.message.Msg;
import twemlab.proxy.message.Requester;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.wire.Complaints;

/// What becomes of a parsed request: it is answered here, forwarded to the server of its key, or
/// divided among several; C counterpart nc_request.c.
final class RequestForwarder {
  private static final byte[] OK = "+OK\r\n".getBytes(US_ASCII);

  private final ServerPool pool;
  private final Context context;
  private final FragmentBuilder fragments;
  private final Broadcast broadcast;
  private final LocalReplies local;
  private final MemcacheReplies memcacheLocal;

  RequestForwarder(ServerPool pool) {
    this.pool = pool;
    this.context = pool.context;
    this.fragments = new FragmentBuilder(pool);
    this.broadcast = new Broadcast(pool);
    this.local = new LocalReplies(pool);
    this.memcacheLocal = new MemcacheReplies(pool);
  }

  /// Takes a whole request; the message is this method's from now on. The view is read, not kept.
  void forward(ClientConn client, Msg msg, RequestView view) {
    Command command = view.command();
    msg.command = command;
    if (view.quit()) {
      quit(client, msg);
    } else if (!client.authenticated() && !precedesAuth(command)) {
      answer(client, msg, LocalReplies.NOAUTH);
    } else if (client.transactionRefused() && !endsTransaction(command)) {
      answer(client, msg, Refusals.NOT_QUEUED);
    } else if (command.handling() == Handling.LOCAL) {
      answerLocally(client, msg, view);
    } else if (command.fanOut() == FanOut.NONE) {
      forwardWhole(client, msg, view);
    } else if (command.fanOut() == FanOut.ALL) {
      askAll(client, msg, view);
    } else if (view.keyCount() > 1) {
      divide(client, msg, view);
    } else {
      forwardWhole(client, msg, view);
    }
  }

  /// A request without a key that every server gets as it is.
  private void askAll(ClientConn client, Msg msg, RequestView view) {
    boolean allowed = msg.command.handling() != Handling.ADMINISTER || pool.conf.admin();
    if (view.noreply()) {
      if (allowed) {
        cutNoreply(msg, view);
        broadcast.withoutReply(client, msg);
      }
      context.msgs.release(msg);
    } else if (allowed) {
      client.enqueue(msg);
      enqueueFragments(broadcast.begin(msg));
    } else {
      answer(client, msg, Refusals.notAllowed(msg.command));
    }
  }

  private void answerLocally(ClientConn client, Msg msg, RequestView view) {
    boolean close = false;
    if (pool.conf.redis()) {
      close = local.write(client, msg, view);
    } else {
      memcacheLocal.write(msg, view);
    }
    if (view.noreply()) {
      context.msgs.release(msg);
      return;
    }
    finish(client, msg);
    if (close && !client.closed()) {
      client.finish();
    }
  }

  /// redis says a word for it, memcached does not.
  private void quit(ClientConn client, Msg msg) {
    if (pool.conf.redis()) {
      answer(client, msg, OK);
    } else {
      context.msgs.release(msg);
    }
    if (!client.closed()) {
      client.quit();
    }
  }

  /// A client library tries HELLO 3 first, with or without a password in it, and falls back to AUTH
  /// when it is told that there is no such protocol.
  private static boolean precedesAuth(Command command) {
    return command == RedisCommand.AUTH
        || command == RedisCommand.HELLO
        || command == RedisCommand.RESET;
  }

  private static boolean endsTransaction(Command command) {
    return command == RedisCommand.EXEC
        || command == RedisCommand.DISCARD
        || command == RedisCommand.RESET;
  }

  // tag::forward-whole[]
  private void forwardWhole(ClientConn client, Msg msg, RequestView view) {
    KeyRouter ring = pool.router();
    int drawn = pool.draw();
    int server =
        view.keyCount() == 0
            ? pool.routeKeyless(ring, drawn)
            : pool.route(ring, msg.request, view.keyStart(0), view.keyEnd(0), drawn);
    if (view.noreply()) {
      cutNoreply(msg, view);
      client.enqueueNoreply(msg);
    } else {
      client.enqueue(msg);
    }
    if (server < 0) {
      pool.responses.fail(msg, pool.errors.of(Errno.ECONNREFUSED));
    } else {
      pool.server(server).connectionFor(client).enqueue(msg);
    }
  }

  // end::forward-whole[]

  /// Every forwarded request has exactly one reply, so that no reply can be taken for another's:
  /// the server is asked for one, and it is swallowed. (twemproxy pairs an error that answers a
  /// noreply request with the next request, of whichever client.)
  private void cutNoreply(Msg msg, RequestView view) {
    Msg whole = context.msgs.take();
    whole.request.append(msg.request, 0, msg.request.length());
    msg.request.clear();
    msg.request.append(whole.request, 0, view.noreplyStart());
    msg.request.append(whole.request, view.noreplyEnd(), whole.request.length());
    context.msgs.release(whole);
  }

  // tag::divide[]
  private void divide(ClientConn client, Msg msg, RequestView view) {
    if (msg.command.fanOut() != FanOut.TOGETHER) {
      msg.severalKeys();
    }
    client.enqueue(msg);
    Division division = fragments.begin(msg, view, pool.router(), pool.draw());
    client.dividing(true);
    context.keyWork.start(division);
  }

  /// Goes on with dividing a request.
  ///
  /// @return whether that is done
  boolean divide(Division division, int keys) {
    boolean routed = fragments.slice(division, keys);
    if (routed && division.keysDone < division.keyCount) {
      return false;
    }
    Msg msg = division.owner;
    msg.client.dividing(false);
    if (!routed) {
      pool.responses.dissolve(division);
      pool.responses.fail(msg, pool.errors.of(Errno.ECONNREFUSED));
    } else if (division.partCount() == 1) {
      int server = division.part(0).server;
      pool.responses.dissolve(division);
      pool.server(server).connectionFor(msg.client).enqueue(msg);
    } else if (msg.command.fanOut() == FanOut.TOGETHER) {
      pool.responses.dissolve(division);
      pool.responses.fail(msg, pool.errors.crossSlot);
    } else {
      fragments.finish(division);
      enqueueFragments(division);
    }
    return true;
  }

  /// Only now: a fragment may not be answered before all of them exist.
  private void enqueueFragments(Division division) {
    Requester client = division.owner.client;
    for (int i = 0; i < division.partCount(); i++) {
      Division.Part part = division.part(i);
      pool.server(part.server).connectionFor(client).enqueue(part.fragment);
    }
  }

  // end::divide[]

  /// Answers a request that is well framed and not forwarded; the message is this method's from now
  /// on.
  void refuse(ClientConn client, Msg msg, RequestView view) {
    RefusalReason reason = view.refusal();
    if (reason == RefusalReason.EMPTY) {
      context.msgs.release(msg);
    } else if (reason == RefusalReason.TOO_LARGE) {
      refuseLength(client, msg, view);
    } else if (reason == RefusalReason.NOT_UNDERSTOOD) {
      complain(client, msg, view.complaint(), view);
    } else if (reason == RefusalReason.UNKNOWN_COMMAND
        && view.nameLength() > 0
        && Refusals.isHttp(view)) {
      context.msgs.release(msg);
      client.finish();
    } else if (!client.authenticated() && isJudgedBehindAuth(reason)) {
      answer(client, msg, LocalReplies.NOAUTH);
    } else {
      answer(client, msg, Refusals.of(view, pool.limits.redisKeyLength()));
    }
  }

  /// What redis says before it asks for a password: that a command is unknown, or wrongly used.
  private static boolean isJudgedBehindAuth(RefusalReason reason) {
    return reason == RefusalReason.NOT_SUPPORTED || reason == RefusalReason.KEY_TOO_LONG;
  }

  /// Says what the server would say to bytes that it cannot read; the message is this method's from
  /// now on.
  void complain(ClientConn client, Msg msg, Complaint complaint, RequestView view) {
    if (complaint == Complaint.NONE || view.noreply()) {
      context.msgs.release(msg);
    } else {
      answer(client, msg, Complaints.of(complaint, view));
    }
  }

  /// memcached's words for it; redis has none, because it closes the connection.
  private void refuseLength(ClientConn client, Msg msg, RequestView view) {
    pool.stats.add(PoolField.FORWARD_ERROR, 1);
    if (view.noreply()) {
      context.msgs.release(msg);
    } else {
      answer(client, msg, pool.errors.tooLarge);
    }
  }

  private void answer(ClientConn client, Msg msg, byte[] line) {
    context.writer.append(msg.reply, line);
    finish(client, msg);
  }

  private static void finish(ClientConn client, Msg msg) {
    msg.request.clear();
    client.enqueue(msg);
    client.answered(msg);
  }
}
