package twemlab.proxy;

import twemlab.proxy.message.Division;
import twemlab.proxy.message.Msg;
import twemlab.proxy.stats.PoolField;

/// A request without a key that every server of the pool gets, as the client wrote it: how many
/// keys there are, or that all are to be deleted.
///
/// Ejected servers are asked too: what they have, or would keep, belongs to the answer. One that
/// cannot be reached fails the request.
final class Broadcast {
  private final ServerPool pool;

  Broadcast(ServerPool pool) {
    this.pool = pool;
  }

  /// Makes a fragment for each server.
  Division begin(Msg owner) {
    Division division = pool.context.divisions.take(pool, owner, 0);
    int servers = pool.conf.servers().size();
    for (int server = 0; server < servers; server++) {
      Msg fragment = copy(owner);
      fragment.division = division;
      fragment.place(server);
      division.add(server).fragment = fragment;
    }
    division.begin(Division.Phase.WAITING);
    division.open = servers;
    owner.request.clear();
    pool.stats.add(PoolField.FRAGMENTS, servers);
    return division;
  }

  /// Sends a request to which nobody wants a reply.
  void withoutReply(ClientConn client, Msg request) {
    for (int server = 0; server < pool.conf.servers().size(); server++) {
      Msg msg = copy(request);
      client.enqueueNoreply(msg);
      pool.server(server).connectionFor(client).enqueue(msg);
    }
  }

  private Msg copy(Msg of) {
    Msg copy = pool.context.msgs.take();
    copy.command = of.command;
    copy.request.append(of.request, 0, of.request.length());
    return copy;
  }
}
