package twemlab.event.base;

/// A base that reports each change of a registered descriptor once: interest is fixed at
/// registration, and the calls that change it are free (promise 2 of [EventBase]).
interface EdgeTriggeredBase extends EventBase {
  @Override
  default boolean edgeTriggered() {
    return true;
  }

  @Override
  default int addIn(int fd, long handle) {
    return 0;
  }

  @Override
  default int deleteIn(int fd, long handle) {
    return 0;
  }

  @Override
  default int addOut(int fd, long handle) {
    return 0;
  }

  @Override
  default int deleteOut(int fd, long handle) {
    return 0;
  }
}
