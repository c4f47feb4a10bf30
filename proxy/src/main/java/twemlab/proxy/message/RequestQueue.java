package twemlab.proxy.message;

/// Where requests of several clients wait: a connection to a server.
public interface RequestQueue {
  /// Whether so many times what waits here is more than one queue may have of the memory.
  boolean isCrowded(int factor);
}
