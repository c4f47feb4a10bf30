package twemlab.exercise.changelist;

import twemlab.event.base.EventBase;

/// A level-triggered event base that makes changes of interest late and only where something has
/// changed: those of a turn are kept until the next wait, and what was put on and taken off again
/// in between costs no system call.
///
/// Stands before another base, which it tells; everything else that base does itself.
final class ChangeListBase implements EventBase {
  private final EventBase base;

  /// @param base level-triggered
  ChangeListBase(EventBase base) {
    this.base = base;
  }

  @Override
  public String name() {
    return base.name() + "-late";
  }

  @Override
  public boolean edgeTriggered() {
    return false;
  }

  @Override
  public boolean readinessAlone() {
    return base.readinessAlone();
  }

  @Override
  public int descriptorLimit() {
    return base.descriptorLimit();
  }

  @Override
  public int addConnection(int fd, long handle) {
    return base.addConnection(fd, handle);
  }

  @Override
  public int deleteConnection(int fd, long handle) {
    return base.deleteConnection(fd, handle);
  }

  @Override
  public int addIn(int fd, long handle) {
    return base.addIn(fd, handle); // yours: later
  }

  @Override
  public int deleteIn(int fd, long handle) {
    return base.deleteIn(fd, handle); // yours: later
  }

  @Override
  public int addOut(int fd, long handle) {
    return base.addOut(fd, handle); // yours: later
  }

  @Override
  public int deleteOut(int fd, long handle) {
    return base.deleteOut(fd, handle); // yours: later
  }

  @Override
  public int await(int timeoutMillis) {
    return base.await(timeoutMillis);
  }

  @Override
  public void dispatch() {
    base.dispatch();
  }

  @Override
  public int batchLimit() {
    return base.batchLimit();
  }

  @Override
  public void close() {
    base.close();
  }
}
