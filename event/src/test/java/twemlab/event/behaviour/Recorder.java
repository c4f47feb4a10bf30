package twemlab.event.behaviour;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import twemlab.event.Channel;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;

/// A handler that writes down what it is told, and fails the test when it is told something that
/// the contract forbids: inside a downcall (rule 1), after a close (6), after the end or twice (5,
/// 11).
final class Recorder implements Channel.Handler {
  /// What a handler does with bytes.
  interface Taker {
    int take(Channel channel, Mbuf mbuf, int from, int to);
  }

  private final TurnGuard guard;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final List<String> events = new ArrayList<>();
  private Taker taker = (_, _, _, to) -> to;
  private Consumer<Channel> atConnected = _ -> {};
  private Consumer<Channel> atWritable = _ -> {};
  private Consumer<Channel> atEnd = _ -> {};
  private Consumer<Channel> atClosed = _ -> {};
  private Channel channel;
  private Errno errno;
  private boolean ended;
  private boolean silent;
  private boolean paused;

  Recorder(TurnGuard guard) {
    this.guard = guard;
  }

  Recorder taking(Taker newTaker) {
    taker = newTaker;
    return this;
  }

  Recorder atConnected(Consumer<Channel> action) {
    atConnected = action;
    return this;
  }

  Recorder atWritable(Consumer<Channel> action) {
    atWritable = action;
    return this;
  }

  Recorder atEnd(Consumer<Channel> action) {
    atEnd = action;
    return this;
  }

  Recorder atClosed(Consumer<Channel> action) {
    atClosed = action;
    return this;
  }

  Recorder of(Channel newChannel) {
    channel = newChannel;
    return this;
  }

  Channel channel() {
    return channel;
  }

  /// What was told, in order: `connected`, `bytes N`, `writable`, `rest`, `end`, `closed ERRNO`.
  List<String> events() {
    return events;
  }

  String text() {
    return received.toString(StandardCharsets.US_ASCII);
  }

  byte[] received() {
    return received.toByteArray();
  }

  int receivedCount() {
    return received.size();
  }

  boolean ended() {
    return ended;
  }

  /// The error of onClosed, or null.
  Errno errno() {
    return errno;
  }

  boolean connected() {
    return events.contains("connected");
  }

  void closeNow() {
    silent = true;
    channel.closeNow();
  }

  void closeDrained() {
    silent = true;
    channel.closeDrained();
  }

  void pause() {
    paused = true;
    channel.pauseReading();
  }

  void resume() {
    paused = false;
    channel.resumeReading();
  }

  private void told(Channel teller, String event) {
    if (channel == null) {
      channel = teller;
    }
    if (!teller.equals(channel)) {
      throw new AssertionError(event + " of another channel");
    }
    if (silent || errno != null) {
      throw new AssertionError("told '" + event + "' after the close; before: " + events);
    }
    events.add(event);
  }

  @Override
  public void onConnected(Channel teller) {
    guard.upcall(
        () -> {
          if (!events.isEmpty()) {
            throw new AssertionError("connected after " + events);
          }
          told(teller, "connected");
          atConnected.accept(teller);
        });
  }

  @Override
  public int onBytes(Channel teller, Mbuf mbuf, int from, int to) {
    int[] taken = new int[1];
    guard.upcall(
        () -> {
          if (ended || paused || from >= to || to > mbuf.last()) {
            throw new AssertionError("bytes [" + from + ", " + to + ") after " + events);
          }
          told(teller, "bytes " + (to - from));
          taken[0] = taker.take(teller, mbuf, from, to);
          received.writeBytes(bytes(mbuf, from, taken[0]));
        });
    return taken[0];
  }

  static byte[] bytes(Mbuf mbuf, int from, int to) {
    byte[] bytes = new byte[to - from];
    MemorySegment.copy(mbuf.segment(), JAVA_BYTE, mbuf.base() + from, bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public void onWritable(Channel teller) {
    guard.upcall(
        () -> {
          told(teller, "writable");
          atWritable.accept(teller);
        });
  }

  @Override
  public void onEnd(Channel teller) {
    guard.upcall(
        () -> {
          if (ended || paused) {
            throw new AssertionError("end after " + events);
          }
          told(teller, "end");
          ended = true;
          atEnd.accept(teller);
        });
  }

  @Override
  public void onRestRead(Channel teller) {
    guard.upcall(
        () -> {
          if (ended || paused) {
            throw new AssertionError("the rest is read after " + events);
          }
          told(teller, "rest");
        });
  }

  @Override
  public void onClosed(Channel teller, Errno cause) {
    guard.upcall(
        () -> {
          told(teller, "closed " + cause);
          errno = cause;
          if (teller.open() || teller.descriptor() != -1) {
            throw new AssertionError("told that it is closed while it is open");
          }
          atClosed.accept(teller);
        });
  }
}
