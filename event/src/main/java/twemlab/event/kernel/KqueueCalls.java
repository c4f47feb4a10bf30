package twemlab.event.kernel;

import java.lang.foreign.MemorySegment;

/// kqueue(2) of macOS and FreeBSD; each call returns a value `>= 0`, or `-errno`.
///
/// ```text
/// struct kevent   |ident:8|filter:2|flags:2|fflags:4|data:8|udata:8|           32 bytes, macOS
///                 |ident:8|filter:2|flags:2|fflags:4|data:8|udata:8|ext:32|    64 bytes, FreeBSD
/// ```
///
/// Error numbers in structures (`data` with EV_ERROR, `fflags` with EV_EOF) are those of [Errno].
public interface KqueueCalls {
  int IDENT = 0;
  int FILTER = 8;
  int FLAGS = 10;
  int FFLAGS = 12;
  int DATA = 16;
  int UDATA = 24;

  short EVFILT_READ = -1;
  short EVFILT_WRITE = -2;
  short EVFILT_TIMER = -7;

  int EV_ADD = 0x1;
  int EV_DELETE = 0x2;
  int EV_ENABLE = 0x4;
  int EV_DISABLE = 0x8;
  int EV_ONESHOT = 0x10;
  int EV_CLEAR = 0x20;
  int EV_RECEIPT = 0x40;
  int EV_DISPATCH = 0x80;
  int EV_ERROR = 0x4000;
  int EV_EOF = 0x8000;

  int NOTE_LOWAT = 0x1;
  int NOTE_TRIGGER = 0x1000000;

  /// EVFILT_USER, which the systems number differently.
  static short evfiltUser(Platform platform) {
    return (short) (platform == Platform.MACOS ? -10 : -11);
  }

  /// Bytes of a `struct kevent`.
  static int eventSize(Platform platform) {
    return platform == Platform.FREEBSD ? 64 : 32;
  }

  /// kqueue(2): the descriptor.
  int kqueue();

  /// kevent(2): applies `changeCount` changes, then waits for at most `eventCount` events. Both
  /// arrays may be the same place.
  ///
  /// @param timeoutMillis -1 waits without limit
  /// @return how many structures were written to `events`
  int kevent(
      int kq,
      MemorySegment changes,
      long changesOffset,
      int changeCount,
      MemorySegment events,
      long eventsOffset,
      int eventCount,
      int timeoutMillis);

  /// close(2) of the kqueue.
  int close(int kq);
}
