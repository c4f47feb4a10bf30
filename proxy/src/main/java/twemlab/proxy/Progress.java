package twemlab.proxy;

/// What moves on a server connection: when a byte came last, and when the kernel last took one.
///
/// Behind a long message others wait, in either direction, and may time out without the server
/// being ill. So one client's large values say nothing about the server's health.
final class Progress {
  private long cameAt;
  private long takenAt;
  private long takenBytes;

  /// Up to where the last request reaches that was answered before all of it was sent.
  private long answeredEarly;

  /// The next connection begins.
  void clear() {
    cameAt = 0;
    takenAt = 0;
    takenBytes = 0;
    answeredEarly = 0;
  }

  /// Bytes came.
  void came(long now) {
    cameAt = now;
  }

  /// The kernel has accepted so many bytes by now.
  void taken(long acceptedBytes, long now) {
    if (acceptedBytes != takenBytes) {
      takenBytes = acceptedBytes;
      takenAt = now;
    }
  }

  /// Whether a long message has moved since a moment, in either direction: what has to wait behind
  /// it says nothing about the server.
  boolean isMoving(long moment, boolean replyBegun, boolean sendPending) {
    return (replyBegun && cameAt > moment) || (sendPending && takenAt > moment);
  }

  /// The reply to a request is whole, of which so many bytes are not accepted yet.
  void answered(long acceptedBytes, int unsent) {
    if (unsent > 0) {
      answeredEarly = acceptedBytes + unsent;
    }
  }

  /// Whether the server has answered a request that is not wholly sent yet. If it closes now, it
  /// has refused that request.
  boolean refused(long acceptedBytes) {
    return acceptedBytes < answeredEarly;
  }
}
