package twemlab.proxy.message;

/// The part that made a request and waits for its reply: a connection of a client.
public interface Requester {
  /// The reply is complete, or the error that stands in its place.
  void answered(Msg msg);

  /// The server is done with a request that gets no reply.
  void noreplyDone(Msg msg);

  /// The last request of this client is being divided: nothing behind it is parsed meanwhile.
  void dividing(boolean now);

  /// A request went to a queue that has grown too long: this client waits until it has shrunk.
  void crowding(RequestQueue queue);

  /// Which connection to each server this client uses.
  ServerPins serverPins();

  /// An exception of ours was met while a request of this client was worked on.
  void onBroken(RuntimeException failure);

  /// The reply that was being delivered cannot be finished.
  void breakOff();
}
