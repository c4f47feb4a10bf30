package twemlab.proxy.stats;

import java.util.Locale;

/// The values of the whole process that nutcracker does not have, in the order of the answer.
public enum ProcessField {
  /// Bytes of mbufs in use.
  MEMORY_USED,
  /// The most that may be in use (`--memory`).
  MEMORY_LIMIT,
  /// Messages in use.
  MESSAGES_USED,
  /// The most that may be in use; follows from the heap.
  MESSAGES_LIMIT,
  /// Clients that are not read from until there is memory.
  CLIENTS_WAITING,
  /// How often a client had to wait so.
  CLIENTS_WAITED,
  /// Clients closed because they began a request, did not go on, and others waited.
  CLIENTS_STALLED,
  /// Clients closed because they were owed most when nothing was left.
  CLIENTS_EVICTED;

  /// How many fields the process has.
  static final int COUNT = values().length;

  private final String fieldName = name().toLowerCase(Locale.ROOT);

  /// The name in the answer, such as `memory_used`.
  public String fieldName() {
    return fieldName;
  }
}
