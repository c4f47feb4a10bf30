package twemlab.proxy;

import twemlab.event.kernel.Errno;
import twemlab.proxy.message.Requester;

/// The failures in a row of one server; C counterpart `failure_count` of `struct server`.
///
/// Some the proxy sees itself: a connection that is lost or not made, a request that times out. Of
/// others a reply tells (`-OOM`, `-BUSY`, `-LOADING`). What one client alone was told counts
/// nothing yet: it may have brought it about. When a second client has been told so, in the same
/// row, all of them count.
///
/// Many requests may fail of one cause. So each notes the epoch in which it was handed over, and
/// only the first of an epoch counts: it begins the next.
final class FailureCount {
  private int seen;
  private int told;
  private int epoch;

  /// The first client that got it. It may have left meanwhile, and is compared only.
  private Requester firstTold;

  private boolean toldToSeveral;

  /// How many failures there have been ever.
  int epoch() {
    return epoch;
  }

  /// How many count.
  int count() {
    return toldToSeveral ? seen + told : seen;
  }

  /// The proxy has seen one.
  void seen() {
    epoch++;
    seen++;
  }

  /// A client got one, as the reply to a request that was handed over in an epoch.
  ///
  /// @param client null if it has left: then nobody knows whether it is another
  void told(int handedOver, Requester client) {
    if (handedOver == epoch) {
      epoch++;
      told++;
    }
    if (firstTold == null) {
      firstTold = client;
    } else if (client != null && !client.equals(firstTold)) {
      toldToSeveral = true;
    }
  }

  /// Whether an error says what this machine lacks (descriptors, memory, ports), and nothing of a
  /// server: clients can bring it about.
  static boolean isOfThisMachine(Errno errno) {
    return switch (errno) {
      case EMFILE, ENFILE, ENOMEM, ENOBUFS, EADDRNOTAVAIL -> true;
      default -> false;
    };
  }

  /// The row has ended: a request succeeded, or the server was ejected.
  void clear() {
    seen = 0;
    told = 0;
    firstTold = null;
    toldToSeveral = false;
  }
}
