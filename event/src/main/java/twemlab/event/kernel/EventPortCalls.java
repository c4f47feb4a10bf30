package twemlab.event.kernel;

import java.lang.foreign.MemorySegment;

/// Event ports of Solaris and illumos (port_create(3C)); each call returns a value `>= 0`, or
/// `-errno`.
///
/// ```text
/// struct port_event   |events:4|source:2|pad:2|object:8|user:8|    24 bytes
/// ```
public interface EventPortCalls {
  int EVENT_SIZE = 24;
  int EVENTS = 0;
  int SOURCE = 4;
  int OBJECT = 8;
  int USER = 16;

  short PORT_SOURCE_USER = 3;
  short PORT_SOURCE_FD = 4;

  /// port_create(3C): the descriptor.
  int portCreate();

  /// port_associate(3C) of a descriptor; `events` are those of poll(2). The next event ends the
  /// association.
  int portAssociate(int port, int fd, int events, long user);

  /// port_dissociate(3C) of a descriptor.
  int portDissociate(int port, int fd);

  /// port_send(3C): an event of PORT_SOURCE_USER.
  int portSend(int port, int events, long user);

  /// port_getn(3C): waits until `*nget` events are there, and takes up to `max`. The `int` at
  /// `ngetOffset` then holds how many were written, **also when the call returns `-ETIME`**. With a
  /// `max` of 0 it holds how many are there, and none is taken.
  ///
  /// @param timeoutMillis -1 waits without limit
  /// @return 0 or `-errno`
  int portGetn(
      int port,
      MemorySegment list,
      long offset,
      int max,
      MemorySegment nget,
      long ngetOffset,
      int timeoutMillis);

  /// close(2) of the port.
  int close(int port);
}
