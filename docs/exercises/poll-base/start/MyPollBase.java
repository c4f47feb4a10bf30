package twemlab.exercise.pollbase;

import twemlab.event.base.EventBase;
import twemlab.event.kernel.MemoryCalls;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.PollCalls;

/// Readiness by poll(2), with the promises of [EventBase].
final class MyPollBase implements EventBase {
  /// An empty set.
  ///
  /// @param callback is called by [#dispatch] for each descriptor that is ready
  MyPollBase(PollCalls calls, MemoryCalls memory, Platform platform, Callback callback) {
    // yours to write
  }

  @Override
  public String name() {
    return "my-poll";
  }

  @Override
  public boolean edgeTriggered() {
    return false;
  }

  @Override
  public int descriptorLimit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int addConnection(int fd, long handle) {
    return 0; // yours to write
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    return 0; // yours to write
  }

  @Override
  public int addIn(int fd, long handle) {
    return 0; // yours to write
  }

  @Override
  public int deleteIn(int fd, long handle) {
    return 0; // yours to write
  }

  @Override
  public int addOut(int fd, long handle) {
    return 0; // yours to write
  }

  @Override
  public int deleteOut(int fd, long handle) {
    return 0; // yours to write
  }

  @Override
  public int await(int timeoutMillis) {
    return 0; // yours to write
  }

  @Override
  public void dispatch() {
    // yours to write
  }

  @Override
  public int batchLimit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void close() {
    // yours to write
  }
}
