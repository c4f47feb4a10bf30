package twemlab.proxy;

import twemlab.proxy.message.Division;
import twemlab.proxy.message.Msg;
import twemlab.proxy.stats.PoolField;

/// Brings replies, or the errors in their place, to the waiting clients; C counterpart
/// nc_response.c.
final class ResponseForwarder {
  private final ServerPool pool;
  private final Context context;
  private final Gatherer gatherer;

  ResponseForwarder(ServerPool pool) {
    this.pool = pool;
    this.context = pool.context;
    this.gatherer = new Gatherer(pool);
  }

  /// Answers a request with an error line. It may still stand in its server's queue.
  void fail(Msg msg, byte[] line) {
    msg.error = line;
    msg.reply.clear();
    answered(msg);
  }

  /// The connection to the server is gone, on which this request was queued: it gets an error line,
  /// if it has not been answered before.
  void lost(Msg msg, byte[] line) {
    if (msg.isSetup()) {
      context.msgs.release(msg);
    } else if (msg.isAnswered()) {
      releaseIfFree(msg);
    } else {
      msg.request.clear();
      fail(msg, line);
    }
  }

  /// Whether a reply that will be so long at the least is longer than is passed on: alone, or with
  /// those to the other fragments of the same request.
  boolean isTooLong(Msg msg, long lengthAtLeast) {
    long sum = lengthAtLeast;
    if (msg.isFragment()) {
      for (int i = 0; i < msg.division.partCount(); i++) {
        sum += i == msg.place() ? 0 : msg.division.part(i).fragment.reply.length();
      }
    }
    return sum > context.settings.memory().replyBytes();
  }

  /// A request has its reply, or its error. Called once for each request; the message may be gone
  /// afterwards.
  void answered(Msg msg) {
    if (msg.isNoreply()) {
      msg.client.noreplyDone(msg);
      releaseIfFree(msg);
    } else if (msg.isFragment()) {
      fragmentAnswered(msg);
    } else if (msg.client == null) {
      releaseIfFree(msg);
    } else {
      if (msg.error == null && msg.hasSeveralKeys()) {
        gatherer.checkUndivided(msg);
      }
      deliver(msg);
    }
  }

  private void deliver(Msg msg) {
    if (msg.error != null) {
      context.writer.append(msg.reply, msg.error);
      pool.stats.add(PoolField.FORWARD_ERROR, 1);
    }
    msg.client.answered(msg);
  }

  // tag::fragment-answered[]
  private void fragmentAnswered(Msg fragment) {
    Division division = fragment.division;
    if (--division.open > 0) {
      return;
    }
    if (gatherer.begin(division)) {
      gathered(division);
    } else {
      context.keyWork.start(division);
    }
  }

  // end::fragment-answered[]

  /// Goes on with gathering a reply.
  ///
  /// @return whether that is done
  boolean gather(Division division, int keys) {
    boolean done = gatherer.slice(division, keys);
    if (done) {
      gathered(division);
    }
    return done;
  }

  private void gathered(Division division) {
    Msg owner = division.owner;
    dissolve(division);
    owner.request.clear();
    if (owner.error != null) {
      owner.reply.clear();
    }
    deliver(owner);
  }

  /// Nobody waits for this request any more. If it stands in a server's queue it is sent all the
  /// same, because it was promised to that server's order, and its reply is swallowed.
  void abandon(Msg msg) {
    msg.inClientQueue(false);
    msg.client = null;
    msg.reply.clear();
    if (msg.division != null) {
      dissolve(msg.division);
    }
    releaseIfFree(msg);
  }

  /// An exception came between the taking of a message and its place in a queue: it is in none.
  /// (One that stands in a queue is that queue's.)
  void abandonIfLoose(Msg msg) {
    if (!msg.inClientQueue() && !msg.inServerQueue()) {
      abandon(msg);
    }
  }

  /// Ends a division, at whatever point it is. Fragments that a server has not answered yet stay
  /// with it.
  void dissolve(Division division) {
    context.keyWork.remove(division);
    context.walks.stop(division);
    for (int i = 0; i < division.partCount(); i++) {
      Msg fragment = division.part(i).fragment;
      if (fragment != null) {
        fragment.division = null;
        releaseIfFree(fragment);
      }
    }
    context.divisions.release(division);
  }

  /// Takes a message back that has left both queues, and that no owner will gather.
  void releaseIfFree(Msg msg) {
    if (!msg.inClientQueue() && !msg.inServerQueue() && !msg.isFragment()) {
      context.msgs.release(msg);
    }
  }
}
