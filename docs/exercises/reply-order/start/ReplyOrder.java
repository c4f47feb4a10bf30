package twemlab.exercise.replyorder;

import java.util.OptionalLong;

/// Whose reply is the next one on a server's connection? Neither redis nor memcached numbers its
/// replies: the k-th reply answers the k-th request that was sent.
final class ReplyOrder {
  /// A request was sent to the server.
  ///
  /// @param request its number, which no other request has
  void sent(long request) {
    // yours to write
  }

  /// Nobody waits for a request any more: its client has gone, or was told of a timeout. A request
  /// that is not on its way is ignored.
  void abandon(long request) {
    // yours to write
  }

  /// The server has sent a reply.
  ///
  /// @return the request that it answers; empty if the reply is to be thrown away
  /// @throws IllegalStateException if no request is on its way: such a server cannot be trusted
  OptionalLong replied() {
    return OptionalLong.empty(); // yours to write
  }

  /// Requests that somebody still waits for.
  int waiting() {
    return 0; // yours to write
  }

  /// Replies that are still to come, those for nobody included.
  int outstanding() {
    return 0; // yours to write
  }
}
