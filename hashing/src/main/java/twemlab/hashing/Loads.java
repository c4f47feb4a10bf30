package twemlab.hashing;

/// How busy each server is now. Owned by the caller, who keeps the numbers; only
/// [DistributionKind#KETAMA_BOUNDED] asks.
@FunctionalInterface
public interface Loads {
  /// Every server idle: what a tool without live servers passes.
  Loads NONE = index -> 0;

  /// Requests that were sent to the server of that index and not answered yet.
  int outstanding(int index);
}
