package twemlab.exercise.quietwriter;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.SocketCalls;

/// Writes to one socket over a level-triggered event base. Never blocks, loses nothing, and asks
/// for output interest only while something is pending.
final class QuietWriter {
  private final SocketCalls sockets;
  private final EventBase base;
  private final MemorySegment scratch;
  private final int fd;
  private final long handle;

  /// @param scratch native memory through which bytes go to the kernel
  /// @param fd registered with the base already, for input alone
  QuietWriter(SocketCalls sockets, EventBase base, MemorySegment scratch, int fd, long handle) {
    this.sockets = sockets;
    this.base = base;
    this.scratch = scratch;
    this.fd = fd;
    this.handle = handle;
  }

  /// Sends bytes behind those that were sent before; what the kernel does not take waits here.
  void send(byte[] bytes) {
    // yours: this loses what the kernel does not take
    int length = (int) Math.min(bytes.length, scratch.byteSize());
    MemorySegment.copy(bytes, 0, scratch, ValueLayout.JAVA_BYTE, 0, length);
    sockets.write(fd, scratch, 0, length);
    base.addOut(fd, handle);
  }

  /// The base has reported [EventBase#WRITE] or [EventBase#ERROR].
  void onReady() {
    // yours to write
  }

  /// Bytes that the kernel has not taken.
  int pendingBytes() {
    return 0; // yours to write
  }

  /// Whether a write has failed for good: what was pending is dropped, and so is all that is sent.
  boolean failed() {
    return false; // yours to write
  }
}
