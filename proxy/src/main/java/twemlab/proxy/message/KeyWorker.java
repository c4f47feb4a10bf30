package twemlab.proxy.message;

/// Works on a request of several keys, a slice of them at a time: the pool whose servers own them.
public interface KeyWorker {
  /// Whether the servers speak redis' protocol.
  boolean redis();

  /// Divides on for so many keys; returns whether that was the last of it.
  boolean divide(Division division, int keys);

  /// Gathers the replies on for so many keys; returns whether that was the last of it.
  boolean gather(Division division, int keys);
}
