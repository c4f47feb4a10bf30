package twemlab.sim.world;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import twemlab.event.kernel.Address;

/// Everything that happens, in order: each system call and each delivery.
///
/// The hash depends on every step and on their order, and is the same on every machine: addresses
/// of memory never enter. Text is made only by a listener.
public final class Trace {

  /// What happened. Calls carry the names of the system calls; the others are the network's and the
  /// scheduler's doing.
  public enum Kind {
    SOCKET,
    SOCKETPAIR,
    BIND,
    LISTEN,
    ACCEPT,
    CONNECT,
    READ,
    WRITE,
    WRITEV,
    SHUTDOWN,
    CLOSE,
    SETSOCKOPT,
    GETSOCKOPT,
    GETSOCKNAME,
    GETPEERNAME,
    UNLINK,
    LSTAT,
    CHMOD,
    DUP,
    OPEN,
    EPOLL_CREATE,
    EPOLL_CTL,
    EPOLL_WAIT,
    POLL,
    SELECT,
    KQUEUE,
    KEVENT,
    PORT_CREATE,
    PORT_ASSOCIATE,
    PORT_DISSOCIATE,
    PORT_SEND,
    PORT_GETN,
    URING_SETUP,
    URING_ENTER,
    URING_REGISTER,
    /// A request of io_uring has a result; its flags stand for the bytes.
    COMPLETION,
    MAP,
    UNMAP,
    RESOLVE,
    /// A handshake ended at the side that connects: the result is 0 or `-errno`.
    CONNECTED,
    /// Bytes reached a socket; the result hashes them.
    SEGMENT,
    FIN,
    RESET,
    /// The first packet of a handshake was dropped and will be sent again.
    SYN_DROPPED,
    /// A fault fired; the result is its ordinal.
    FAULT,
    /// An actor was told of something, or did it.
    ACTOR
  }

  /// Takes each step as it happens.
  @FunctionalInterface
  public interface Listener {
    void step(Step step);

    /// A wait is about to take what is ready.
    default void looking() {}
  }

  /// One step.
  ///
  /// @param time nanoseconds of virtual time
  /// @param actor the name of the process or host
  /// @param descriptor the descriptor, or the port at a delivery, or -1
  /// @param result what the call answered
  /// @param bytes how many bytes moved; of a call that sets an interest, its operation or mask
  /// @param mask which events epoll_ctl(2) asks for; 0 for any other step
  /// @param delivery where it was, if the network or an actor did it; null for a system call
  public record Step(
      long time,
      String actor,
      Kind kind,
      int descriptor,
      long result,
      long bytes,
      int mask,
      Delivery delivery) {

    /// The step as one line of JSON.
    public String json() {
      return "{\"time\":%d,\"actor\":\"%s\",\"call\":\"%s\",\"fd\":%d,\"result\":%d,\"bytes\":%d}"
          .formatted(time, actor, kind, descriptor, result, bytes);
    }
  }

  /// On which connection something happened.
  ///
  /// @param local the address of the socket that it happened to
  /// @param peer the address at the other end
  /// @param data the bytes that arrived, or null; a buffer, because it compares its content
  public record Delivery(Address local, Address peer, ByteBuffer data) {}

  private final Scheduler scheduler;
  private Listener listener;
  private long hash = 0xcbf29ce484222325L;
  private long steps;

  Trace(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// Reports each further step to `listener`, or to nobody if null.
  public void listen(Listener listener) {
    this.listener = listener;
  }

  /// Tells the listener that a wait is about to take what is ready.
  public void looking() {
    if (listener != null) {
      listener.looking();
    }
  }

  /// The hash of all steps so far.
  public long hash() {
    return hash;
  }

  /// How many steps there were.
  public long steps() {
    return steps;
  }

  /// Adds a step at the present moment.
  public void add(String actor, Kind kind, int descriptor, long result, long bytes) {
    add(actor, kind, descriptor, result, bytes, 0);
  }

  /// Adds a call of epoll_ctl(2). The mask is told, and does not enter the hash.
  public void addControl(String actor, int descriptor, long result, int operation, int mask) {
    add(actor, Kind.EPOLL_CTL, descriptor, result, operation, mask);
  }

  private void add(String actor, Kind kind, int descriptor, long result, long bytes, int mask) {
    hash(actor, kind, descriptor, result, bytes);
    if (listener != null) {
      listener.step(new Step(scheduler.now(), actor, kind, descriptor, result, bytes, mask, null));
    }
  }

  /// Adds what happened to a socket.
  ///
  /// @param data the bytes that it got, or null
  void add(StreamSocket socket, Kind kind, long result, byte[] data) {
    int length = data == null ? 0 : data.length;
    hash(socket.owner, kind, socket.port(), result, length);
    if (listener != null) {
      ByteBuffer copy = data == null ? null : ByteBuffer.wrap(data).asReadOnlyBuffer();
      var delivery = new Delivery(socket.local, socket.peer, copy);
      listener.step(
          new Step(
              scheduler.now(), socket.owner, kind, socket.port(), result, length, 0, delivery));
    }
  }

  private void hash(String actor, Kind kind, int descriptor, long result, long bytes) {
    long time = scheduler.now();
    steps++;
    long h = mix(hash, time);
    h = mix(h, actor.hashCode());
    h = mix(h, ((long) kind.ordinal() << 32) | (descriptor & 0xffffffffL));
    h = mix(h, result);
    hash = mix(h, bytes);
  }

  /// A hash of bytes, 8 at a time, for the results of deliveries.
  public static long hashOf(byte[] bytes) {
    long h = bytes.length;
    long word = 0;
    for (int i = 0; i < bytes.length; i++) {
      word = (word << 8) | (bytes[i] & 0xff);
      if ((i & 7) == 7) {
        h = mix(h, word);
        word = 0;
      }
    }
    return mix(h, word);
  }

  /// The same for bytes that are not in an array.
  public static long hashOf(MemorySegment segment, long offset, int length) {
    long h = length;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      h = mix(h, segment.get(JAVA_LONG_UNALIGNED, offset + i));
    }
    for (; i < length; i++) {
      h = mix(h, segment.get(JAVA_BYTE, offset + i));
    }
    return h;
  }

  private static long mix(long hash, long value) {
    long h = (hash ^ value) * 0x9e3779b97f4a7c15L;
    return h ^ (h >>> 29);
  }
}
