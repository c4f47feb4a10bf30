package twemlab.event.uring;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.stream.SendQueue;
import twemlab.event.stream.StreamChannel.Rest;
import twemlab.event.stream.StreamChannel.State;

/// What one connection receives under io_uring: by one multishot receive, into buffers of the
/// kernel's choice. What the handler cannot have yet is held.
final class UringReceiver {
  /// Ranges held back before the receive is cancelled.
  private static final int HELD_LIMIT = 4;

  private final UringTransport transport;
  private final SocketCalls sockets;
  private final UringChannel channel;
  private final UringRequest receive;

  /// The receive ended because the buffers ran out, and begins again with the next turn.
  private boolean starved;

  /// The end was a reset; the send that is under way will fail, and then the connection does.
  private boolean resetSeen;

  /// Bytes that came during a pause, beyond a budget, or that the handler did not take.
  private SendQueue held;

  private int budget;
  private long budgetTurn = -1;

  UringReceiver(UringTransport transport, UringChannel channel) {
    this.transport = transport;
    this.sockets = transport.sockets();
    this.channel = channel;
    this.receive = new UringRequest(transport.submissions(), UringSubmissions.RECEIVE);
  }

  boolean armed() {
    return receive.armed();
  }

  boolean starved() {
    return starved;
  }

  boolean resetSeen() {
    return resetSeen;
  }

  /// Ends the request that is in the kernel.
  void cancel() {
    receive.cancel(channel.handle());
  }

  /// The ring is gone, and with it the request.
  void abandon() {
    receive.completed(false);
    starved = false;
  }

  public void receive() {
    if (channel.state == State.OPEN && channel.rest != Rest.NOT_ASKED) {
      if (mayReadRest()) {
        channel.rearm();
      }
      return;
    }
    boolean wanted =
        channel.state == State.DRAINING
            || (channel.state == State.OPEN && !channel.paused && !isHolding());
    if (wanted && !receive.armed() && !starved && !channel.endSeen && channel.failure == null) {
      receive.arm();
      transport.receive(channel.descriptor(), channel.handle(), channel.server);
    }
  }

  /// The request that is armed is taken back, because it says nothing when there is nothing: the
  /// rest is read by calls.
  void startReadingRest() {
    receive.cancel(channel.handle());
    receive();
  }

  private boolean mayReadRest() {
    return channel.rest == Rest.READING
        && channel.state == State.OPEN
        && !receive.armed()
        && !starved
        && !channel.paused
        && !isHolding()
        && !channel.endSeen
        && channel.failure == null;
  }

  private void readRestNow() {
    while (mayReadRest() && withinBudget()) {
      Mbuf mbuf = transport.reads().get();
      int from = mbuf.last();
      int result =
          sockets.read(channel.descriptor(), mbuf.segment(), mbuf.base() + from, mbuf.room());
      if (result > 0) {
        mbuf.advance(result);
        restReceived(mbuf, from, from + result);
      } else if (result == 0) {
        channel.endSeen = true;
      } else if (result == Errno.EAGAIN.result()) {
        channel.tellRestRead();
      } else if (result != Errno.EINTR.result()) {
        channel.fail(Errno.of(result));
      }
    }
  }

  private void restReceived(Mbuf mbuf, int from, int to) {
    channel.counts.bytesRead += to - from;
    budget -= to - from;
    boolean more = channel.readOfRest(to - from);
    int taken = channel.lend(mbuf, from, to);
    if (taken < to && channel.state == State.OPEN) {
      mbuf.retain();
      hold(mbuf, taken, to);
    } else if (!more && channel.state == State.OPEN) {
      channel.tellRestRead();
    }
  }

  void received(int result, int buffer, boolean more) {
    receive.completed(more);
    if (buffer >= 0) {
      UringBuffers buffers = transport.buffers(channel.server);
      Mbuf mbuf = buffers.filled(buffer, Math.max(result, 0));
      if (result > 0) {
        channel.counts.bytesRead += result;
        take(mbuf, result);
      }
      buffers.giveBack(buffer);
    }
    if (channel.state == State.CLOSED) {
      return;
    }
    if (result == 0) {
      channel.endSeen = true;
      resetSeen = channel.failure == null && channel.isBlocked() && isReset();
    } else if (result < 0) {
      receiveFailed(Errno.of(result));
    }
    channel.afterReceiving();
  }

  /// Whether what looks like an end is a reset: a send that has sent a part of its bytes takes the
  /// socket's error and returns its short count instead. Such a socket has no peer (TCP_CLOSE).
  private boolean isReset() {
    return sockets.getpeername(channel.descriptor(), transport.addressPlace(), 0)
        == Errno.ENOTCONN.result();
  }

  private void receiveFailed(Errno errno) {
    switch (errno) {
      case EINTR, EAGAIN, ECANCELED -> {}
      case ENOBUFS -> {
        if (!starved) {
          starved = true;
          transport.starved(channel, channel.server);
        }
      }
      default -> {
        if (channel.failure == null) {
          channel.failure = errno;
        }
        // After a reset nothing that came before is of use.
        channel.fail(channel.failure);
      }
    }
  }

  private void take(Mbuf mbuf, int bytes) {
    if (channel.state == State.DRAINING) {
      channel.drain.discarded(bytes);
    } else if (channel.state == State.OPEN) {
      if (channel.paused || isHolding() || !withinBudget()) {
        mbuf.retain();
        hold(mbuf, 0, bytes);
      } else {
        budget -= bytes;
        int taken = channel.lend(mbuf, 0, bytes);
        if (taken < bytes && channel.state == State.OPEN) {
          mbuf.retain();
          hold(mbuf, taken, bytes);
        }
      }
    }
  }

  private boolean withinBudget() {
    if (budgetTurn != transport.turn()) {
      budgetTurn = transport.turn();
      budget = channel.budget();
    }
    return budget > 0;
  }

  boolean isHolding() {
    return held != null && held.count() > 0;
  }

  private void hold(Mbuf mbuf, int from, int to) {
    if (held == null) {
      held = new SendQueue();
    }
    keep(mbuf, from, to);
    if (!channel.paused && !withinBudget()) {
      channel.counts.budgetStops++;
    }
    if (held.count() >= HELD_LIMIT) {
      receive.cancel(channel.handle());
    }
    if (!channel.paused) {
      channel.rearm();
    }
  }

  /// Keeps the bytes where they are, or a copy if that is less.
  private void keep(Mbuf mbuf, int from, int to) {
    Mbuf target = transport.leftovers(to - from);
    if (target == null) {
      held.add(mbuf, from, to);
      return;
    }
    int start = target.last();
    MemorySegment.copy(
        mbuf.segment(), mbuf.base() + from, target.segment(), target.base() + start, to - from);
    target.advance(to - from);
    target.retain();
    held.add(target, start, start + to - from);
    mbuf.release();
  }

  void releaseHeld() {
    if (held != null) {
      held.clear();
    }
  }

  void resume() {
    while (channel.state == State.OPEN && !channel.paused && isHolding() && withinBudget()) {
      Mbuf mbuf = held.firstMbuf();
      int from = held.firstFrom();
      int to = held.firstTo();
      // The handler may close, and that empties the queue.
      mbuf.retain();
      budget -= to - from;
      int taken = channel.lend(mbuf, from, to);
      if (isHolding()) {
        held.accepted(taken - from);
      }
      mbuf.release();
      if (taken < to) {
        break;
      }
    }
    if (channel.state == State.OPEN && !channel.paused && isHolding()) {
      channel.rearm();
    }
    readRestNow();
  }

  /// There are buffers again.
  void receiveAgain() {
    starved = false;
    if (channel.state == State.CLOSED) {
      channel.freeWhenDone();
    } else if (channel.failure != null && channel.state == State.OPEN && !isHolding()) {
      channel.fail(channel.failure);
    } else {
      receive();
    }
  }
}
