package twemlab.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import twemlab.event.kernel.Errno;
import twemlab.hashing.KeyRouter;
import twemlab.protocol.Command;
import twemlab.protocol.FanOut;
import twemlab.protocol.Handling;
import twemlab.protocol.RedisCommand;
import twemlab.protocol.RefusalReason;
import twemlab.protocol.RequestView;
import twemlab.proxy.message.Division;
import twemlab.proxy.message.Msg;
import twemlab.proxy.message.Requester;
import twemlab.proxy.stats.PoolField;

/// What becomes of a parsed request: it is answered here, forwarded to the server of its key, or
/// divided among several; C counterpart nc_request.c.
final class RequestForwarder {
  private final ServerPool pool;
  private final Context context;
  private final FragmentBuilder fragments;
  private final LocalReplies local;

  RequestForwarder(ServerPool pool) {
    this.pool = pool;
    this.context = pool.context;
    this.fragments = new FragmentBuilder(pool);
    this.local = new LocalReplies(pool);
  }

  /// Takes a whole request; the message is this method's from now on. The view is read, not kept.
  void forward(ClientConn client, Msg msg, RequestView view) {
    Command command = view.command();
    msg.command = command;
    if (view.quit()) {
      context.msgs.release(msg);
      client.quit();
    } else if (!client.authenticated() && !precedesAuth(command)) {
      answer(client, msg, LocalReplies.NOAUTH);
    } else if (command.handling() == Handling.LOCAL) {
      boolean close = local.write(client, msg);
      finish(client, msg);
      if (close && !client.closed()) {
        client.finish();
      }
    } else if (command.fanOut() != FanOut.NONE && view.keyCount() > 1) {
      divide(client, msg, view);
    } else {
      forwardWhole(client, msg, view);
    }
  }

  /// A client library tries HELLO 3 first, with or without a password in it, and falls back to AUTH
  /// when it is told that there is no such command.
  private static boolean precedesAuth(Command command) {
    return command == RedisCommand.AUTH || command == RedisCommand.HELLO;
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
    msg.severalKeys();
    client.enqueue(msg);
    Division division = fragments.begin(msg, view.keyCount(), pool.router(), pool.draw());
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
    if (view.refusal() == RefusalReason.TOO_LARGE) {
      refuseLength(client, msg, view);
      return;
    }
    boolean close = false;
    String text;
    switch (view.refusal()) {
      case WRONG_ARITY -> {
        text = "ERR wrong number of arguments for '" + view.command().wireName() + "' command";
        // With a user's name: what follows was meant for another user.
        close = view.command() == RedisCommand.AUTH && view.argumentCount() == 2;
      }
      case BAD_NUMKEYS -> text = "ERR value is not an integer or out of range";
      case CHANGES_STATE -> {
        text = "ERR unknown command '" + view.command().wireName() + "'";
        close = true;
      }
      default -> text = "ERR unknown command '" + name(view) + "'";
    }
    answer(client, msg, ("-" + text + "\r\n").getBytes(ISO_8859_1));
    if (close && !client.closed()) {
      client.finish();
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

  /// The name as it was sent, fit for an error line.
  private static String name(RequestView view) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < view.nameLength(); i++) {
      name.append((char) (view.nameByte(i) & 0xff));
    }
    return ErrorReplies.printable(name.toString());
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
