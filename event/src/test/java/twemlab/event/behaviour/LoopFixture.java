package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import twemlab.event.Channel;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Transports;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;
import twemlab.event.nio.NioSocket;
import twemlab.event.nio.NioTransport;
import twemlab.event.readiness.ReadinessChannel;
import twemlab.event.testing.AuditedKernel;
import twemlab.event.testing.AuditedNioCalls;

/// A loop over an audited kernel, the peers of its connections, and the checks that end each test.
public final class LoopFixture implements AutoCloseable {
  private static final int MBUF_BYTES = 16 << 10;

  /// Turns of a millisecond that a condition may take.
  private static final int PATIENCE = 5_000;

  private final KernelUnderTest target;
  private final TurnGuard guard = new TurnGuard();
  private final List<Peer> peers = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final MemorySegment peerMemory;
  final AuditedKernel kernel;
  final MbufPool pool;
  final TimerWheel timers;
  final Transport transport;
  final EventLoop loop;

  LoopFixture(KernelUnderTest target, Backend backend, int batch) {
    this.target = target;
    kernel = new AuditedKernel(target.open());
    pool = new MbufPool(kernel.memory(), MBUF_BYTES);
    timers = new TimerWheel(kernel.clock().monotonicNanos());
    transport =
        backend == Transports.NIO
            ? new NioTransport(kernel, new AuditedNioCalls(kernel), pool, timers)
            : backend.open(kernel, batch, pool, timers);
    loop = new EventLoop(kernel.clock(), transport, timers, 1);
    peerMemory = kernel.memory().map(Peer.memoryBytes());
  }

  /// One turn of the loop.
  int turn() {
    int[] events = new int[1];
    guard.turn(() -> events[0] = loop.runOnce());
    return events[0];
  }

  /// One turn whose wait only an event ends, or two seconds.
  void patientTurn() {
    guard.turn(() -> loop.runOnce(2_000));
  }

  /// The end of a turn without its beginning.
  void flush() {
    guard.turn(transport::flush);
  }

  /// Turns until something is so.
  void until(BooleanSupplier condition) {
    for (int i = 0; i < PATIENCE; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      turn();
    }
    throw new AssertionError("it did not happen in " + PATIENCE + " turns");
  }

  /// Turns until nothing happens any more, and then proves that nothing does: a loop that is told
  /// of an event that it does not handle, or that believes it has something to do, spins.
  void rest() {
    int quiet = 0;
    for (int i = 0; quiet < 3; i++) {
      assertThat(i).as("turns before the loop comes to rest").isLessThan(PATIENCE);
      quiet = turn() == 0 && kernel.requestedTimeout() != 0 ? quiet + 1 : 0;
    }
    kernel.sleepless(true);
    int events = 0;
    for (int i = 0; i < 50; i++) {
      events += turn();
      // A delayed acknowledgement may still come (the system's business); a spin gives 50.
      assertThat(events).as("events of an idle loop").isLessThanOrEqualTo(2);
      assertThat(kernel.requestedTimeout()).as("timeout that an idle loop waits").isNotZero();
    }
    kernel.sleepless(false);
  }

  Recorder recorder() {
    return new Recorder(guard);
  }

  /// A descriptor's owner that ends with the test.
  Peer peer(Address address) {
    return keep(Peer.of(kernel, peerMemory, address));
  }

  private Peer keep(Peer peer) {
    peers.add(peer);
    return peer;
  }

  Address address(KernelUnderTest.Family family) {
    Address address = target.address(family);
    if (address instanceof Address.Unix unix) {
      paths.add(unix.path());
    }
    return address;
  }

  Transport.Listener listen(KernelUnderTest.Family family, Transport.Acceptor acceptor) {
    return listen(address(family), acceptor);
  }

  Transport.Listener listen(Address address, Transport.Acceptor acceptor) {
    try {
      return transport.listen(address, Transport.ListenOptions.DEFAULT, acceptor);
    } catch (Transport.ListenException e) {
      throw new AssertionError(e);
    }
  }

  /// A peer that connects; its connection may still be in the backlog.
  Peer connect(Address address) {
    Peer peer = peer(address);
    int result = peer.connect(address);
    if (result < 0 && result != Errno.EINPROGRESS.result()) {
      throw new AssertionError("connect: " + Errno.of(result).text());
    }
    return peer;
  }

  /// An accepted connection and its peer.
  record Pair(Recorder recorder, Peer peer) {}

  Pair accepted(KernelUnderTest.Family family) {
    return accepted(family, recorder(), 0);
  }

  Pair accepted(KernelUnderTest.Family family, Recorder recorder) {
    return accepted(family, recorder, 0);
  }

  /// @param buffers SO_SNDBUF and SO_RCVBUF of both ends, or 0 to leave them
  Pair accepted(KernelUnderTest.Family family, Recorder recorder, int buffers) {
    Transport.Listener listener = listen(family, recorder::of);
    Peer peer = peer(listener.address());
    if (buffers > 0) {
      peer.buffers(buffers);
    }
    peer.connect(listener.address());
    until(() -> recorder.channel() != null);
    listener.close();
    if (buffers > 0
        && recorder.channel() instanceof ReadinessChannel channel
        && channel.socket() instanceof NioSocket socket) {
      socket.buffers(buffers);
    } else if (buffers > 0) {
      int fd = recorder.channel().descriptor();
      int level = kernel.platform().solSocket();
      kernel.plainSockets().setsockopt(fd, level, kernel.platform().soSndBuf(), buffers);
      kernel.plainSockets().setsockopt(fd, level, kernel.platform().soRcvBuf(), buffers);
    }
    return new Pair(recorder, peer);
  }

  /// A connection that the transport made, and its peer, which was accepted by bare calls.
  Pair connected(KernelUnderTest.Family family, Recorder recorder) {
    Address address = address(family);
    Peer listener = listening(address, 16);
    recorder.of(transport.connect(bound(listener, address), recorder));
    until(recorder::connected);
    Peer peer = accept(listener);
    listener.close();
    return new Pair(recorder, peer);
  }

  /// A listening socket that accepts nothing by itself.
  Peer listening(Address address, int backlog) {
    Peer listener = peer(address);
    int length = address.write(kernel.platform(), peerMemory, 0);
    int fd = listener.descriptor();
    assertThat(kernel.plainSockets().bind(fd, peerMemory, 0, length)).isZero();
    assertThat(kernel.plainSockets().listen(fd, backlog)).isZero();
    return listener;
  }

  Peer accept(Peer listener) {
    int[] fd = {-1};
    until(() -> (fd[0] = kernel.plainSockets().accept(listener.descriptor())) >= 0);
    return keep(new Peer(kernel, peerMemory, fd[0]));
  }

  /// The address that a bare listener got.
  Address bound(Peer listener, Address asked) {
    if (asked instanceof Address.Unix) {
      return asked;
    }
    int length = kernel.plainSockets().getsockname(listener.descriptor(), peerMemory, 0);
    return Address.read(kernel.platform(), peerMemory, 0, length);
  }

  /// Queues a text.
  void send(Channel channel, String text) {
    send(channel, text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  /// Queues bytes in as many mbufs as they need.
  void send(Channel channel, byte[] bytes) {
    for (int from = 0; from < bytes.length; from += MBUF_BYTES) {
      int length = Math.min(MBUF_BYTES, bytes.length - from);
      Mbuf mbuf = mbuf(bytes, from, length);
      channel.send(mbuf, 0, length);
    }
  }

  /// An mbuf with these bytes and one reference.
  Mbuf mbuf(byte[] bytes, int from, int length) {
    Mbuf mbuf = pool.take();
    MemorySegment.copy(MemorySegment.ofArray(bytes), from, mbuf.segment(), mbuf.base(), length);
    mbuf.advance(length);
    return mbuf;
  }

  /// Bytes in which a lost, doubled or moved piece shows.
  public static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    int state = length;
    for (int i = 0; i < length; i++) {
      state = state * 1_103_515_245 + 12_345;
      bytes[i] = (byte) (state >>> 16);
    }
    return bytes;
  }

  /// Mbufs in use, but for those that the transport keeps ready.
  int mbufsInUse() {
    return pool.used() - transport.counts().mbufsHeld;
  }

  /// Comes to rest, closes everything, and proves that nothing is left.
  void finish() {
    rest();
    closeAndCheck();
  }

  /// Closes everything as it is, and proves that nothing is left.
  void closeAndCheck() {
    close();
    assertThat(timers.size()).as("timers left").isZero();
    assertThat(pool.used()).as("mbufs left").isZero();
    assertThat(kernel.openDescriptors()).as("descriptors left").isEmpty();
    assertThat(kernel.mappings()).as("mappings left").isEmpty();
  }

  @Override
  public void close() {
    loop.close();
    peers.forEach(Peer::close);
    paths.forEach(path -> kernel.plainSockets().unlink(path));
    kernel.memory().unmap(peerMemory);
    pool.close();
    kernel.close();
  }
}
