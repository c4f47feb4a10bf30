package twemlab.exercise.replyorder;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Whose reply is the next one on a server's connection? Neither redis nor memcached numbers its
/// replies: the k-th reply answers the k-th request that was sent.
///
/// An abandoned request stays in the queue as a tombstone, because its reply will come all the
/// same, and must not reach the next request in line.
final class ReplyOrder {
  private static final class Entry {
    private final long request;
    private boolean dead;

    private Entry(long request) {
      this.request = request;
    }
  }

  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private final Map<Long, Entry> alive = new HashMap<>();

  /// A request was sent to the server.
  ///
  /// @param request its number, which no other request has
  void sent(long request) {
    Entry entry = new Entry(request);
    queue.add(entry);
    alive.put(request, entry);
  }

  /// Nobody waits for a request any more: its client has gone, or was told of a timeout. A request
  /// that is not on its way is ignored.
  void abandon(long request) {
    Entry entry = alive.remove(request);
    if (entry != null) {
      entry.dead = true;
    }
  }

  /// The server has sent a reply.
  ///
  /// @return the request that it answers; empty if the reply is to be thrown away
  /// @throws IllegalStateException if no request is on its way: such a server cannot be trusted
  OptionalLong replied() {
    Entry entry = queue.poll();
    if (entry == null) {
      throw new IllegalStateException("a reply to nothing");
    }
    if (entry.dead) {
      return OptionalLong.empty();
    }
    alive.remove(entry.request);
    return OptionalLong.of(entry.request);
  }

  /// Requests that somebody still waits for.
  int waiting() {
    return alive.size();
  }

  /// Replies that are still to come, those for nobody included.
  int outstanding() {
    return queue.size();
  }
}
