package twemlab.exercise.quietwriter;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.SocketCalls;

/// Writes to one socket over a level-triggered event base. Never blocks, loses nothing, and asks
/// for output interest only while something is pending.
final class QuietWriter {
  private final SocketCalls sockets;
  private final EventBase base;
  private final MemorySegment scratch;
  private final int fd;
  private final long handle;
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();

  /// How much of the first array the kernel has.
  private int taken;

  private int pending;
  private boolean interested;
  private boolean failed;

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
    if (failed || bytes.length == 0) {
      return;
    }
    queue.add(bytes.clone());
    pending += bytes.length;
    // With output interest the kernel has said that there is no room: a try would be in vain.
    if (!interested) {
      write();
    }
  }

  /// The base has reported [EventBase#WRITE] or [EventBase#ERROR].
  void onReady() {
    write();
  }

  private void write() {
    while (pending > 0) {
      byte[] first = queue.element();
      int length = (int) Math.min(first.length - taken, scratch.byteSize());
      MemorySegment.copy(first, taken, scratch, ValueLayout.JAVA_BYTE, 0, length);
      int result = sockets.write(fd, scratch, 0, length);
      if (result == Errno.EAGAIN.result()) {
        break;
      }
      if (result < 0) {
        fail();
        break;
      }
      advance(first, result);
    }
    want(pending > 0);
  }

  private void advance(byte[] first, int count) {
    taken += count;
    pending -= count;
    if (taken == first.length) {
      queue.remove();
      taken = 0;
    }
  }

  private void fail() {
    failed = true;
    queue.clear();
    pending = 0;
  }

  private void want(boolean output) {
    if (output != interested) {
      interested = output;
      if (output) {
        base.addOut(fd, handle);
      } else {
        base.deleteOut(fd, handle);
      }
    }
  }

  /// Bytes that the kernel has not taken.
  int pendingBytes() {
    return pending;
  }

  /// Whether a write has failed for good: what was pending is dropped, and so is all that is sent.
  boolean failed() {
    return failed;
  }
}
