package twemlab.sim.world;

import java.lang.foreign.MemorySegment;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;

/// A TCP socket, with the states that a program can tell apart.
///
/// ```text
/// FRESH --connect--> CONNECTING --SYN-ACK--> ESTABLISHED --RST--> CLOSED
///   |                    '------RST, timeout------------------------^
///   '--listen--> (a listener)
/// ```
///
/// FIN_WAIT, CLOSE_WAIT and their kin are the shut flags of an established socket. Sources: the
/// functions of net/ipv4/tcp.c and tcp_input.c that the comments name.
public final class TcpSocket extends StreamSocket {
  private enum State {
    FRESH,
    CONNECTING,
    ESTABLISHED,
    CLOSED
  }

  private State state = State.FRESH;

  /// The bytes on their way out and in; null before a connection is made.
  private TcpLink out;

  private TcpLink in;

  /// The peer's FIN has arrived: there will be no more bytes.
  private boolean finReceived;

  /// SOCK_NOSPACE: somebody was turned away and is owed an edge.
  private boolean noSpace;

  /// Handshakes under way to this listener.
  int handshakes;

  /// No descriptor refers to it any more; what it was given to send is still sent.
  private boolean orphan;

  public TcpSocket(World world, String owner, int domain) {
    super(world, owner, domain);
  }

  /// Joins two ends. The server's end is established; the client's waits for [#established].
  static TcpSocket join(TcpSocket client, TcpSocket listener) {
    TcpSocket server = new TcpSocket(client.world, listener.owner, listener.domain);
    server.sendBuffer = listener.sendBuffer;
    server.receiveBuffer = listener.receiveBuffer;
    server.local = client.peer;
    server.peer = client.local;
    server.state = State.ESTABLISHED;
    client.out = new TcpLink(client, server);
    client.in = new TcpLink(server, client);
    server.out = client.in;
    server.in = client.out;
    return server;
  }

  // --- readiness

  @Override
  public int poll() {
    int mask = Ready.mask(this);
    if ((mask & Ready.OUT) == 0 && state == State.ESTABLISHED) {
      noSpace = true; // T6: polling arms the edge
    }
    return mask;
  }

  /// T9: at least half as much room as is queued.
  @Override
  boolean writable() {
    int queued = queued();
    return queued < sendBuffer && sendBuffer - queued >= queued / 2;
  }

  @Override
  public int room() {
    return Math.max(0, sendBuffer - queued());
  }

  @Override
  int onTheWay() {
    return queued();
  }

  boolean inStateClose() {
    return (state == State.FRESH && !listening())
        || state == State.CLOSED
        || (finReceived && out.finDelivered());
  }

  boolean connecting() {
    return state == State.CONNECTING;
  }

  boolean isOrphan() {
    return orphan;
  }

  TcpLink out() {
    return out;
  }

  @Override
  public boolean connected() {
    return state == State.ESTABLISHED && !(finReceived && out.finDelivered());
  }

  private int queued() {
    return out == null ? 0 : out.queued();
  }

  /// Bytes that may still come: the receive window.
  int window() {
    return orphan ? Integer.MAX_VALUE : Math.max(0, receiveBuffer - received.size());
  }

  // --- calls

  @Override
  public int bind(Address address) {
    if (local != null) {
      return Errno.EINVAL.result();
    }
    return world.network().bind(this, (Address.Inet) address);
  }

  @Override
  int prepareListen() {
    if (state != State.FRESH) {
      return Errno.EINVAL.result();
    }
    int result = local == null ? world.network().bindAny(this) : 0;
    return result != 0 ? result : world.network().listen(this);
  }

  @Override
  public int connect(Address address) {
    if (listening() || state == State.ESTABLISHED) {
      return Errno.EISCONN.result();
    }
    if (state == State.CONNECTING) {
      return Errno.EALREADY.result();
    }
    if (state == State.CLOSED) {
      return takeError(Errno.ECONNABORTED);
    }
    int result = local == null ? world.network().bindFor(this, (Address.Inet) address) : 0;
    if (result != 0) {
      return result;
    }
    peer = address;
    state = State.CONNECTING;
    world.network().connect(this);
    return Errno.EINPROGRESS.result();
  }

  /// `tcp_sendmsg_locked`: the pending error first, then EPIPE.
  @Override
  public int admit(int total) {
    if (state == State.CONNECTING) {
      return Errno.EAGAIN.result();
    }
    if (state != State.ESTABLISHED || error != null || sendShut) {
      return takeError(Errno.EPIPE);
    }
    if (total == 0) {
      return 0;
    }
    int room = sendBuffer - queued();
    if (room <= 0) {
      noSpace = true;
      return Errno.EAGAIN.result();
    }
    int count = Math.min(room, total);
    noSpace |= count < total; // a partial write arms the edge as EAGAIN does
    return faultyWrite(count);
  }

  @Override
  public void append(MemorySegment source, long offset, int length) {
    out.append(source, offset, length);
  }

  @Override
  public void flush() {
    out.pump();
  }

  /// The end of `tcp_recvmsg_locked`.
  @Override
  int emptyRead() {
    if (finReceived) {
      return 0;
    }
    if (error != null) {
      return takeError(Errno.UNKNOWN);
    }
    if (receiveShut) {
      return 0;
    }
    return (state == State.FRESH || state == State.CLOSED ? Errno.ENOTCONN : Errno.EAGAIN).result();
  }

  @Override
  void consumed(int bytes) {
    in.pump();
  }

  @Override
  public int shutdown(int how) {
    boolean receive = how != 1;
    boolean send = how != 0;
    if (listening()) {
      if (receive) {
        stopListening();
        world.network().stopListening(this);
        wake(0);
      }
      return 0;
    }
    boolean closed = inStateClose();
    if (state == State.CONNECTING) {
      state = State.CLOSED;
    }
    receiveShut |= receive;
    sendShut |= send;
    if (send && state == State.ESTABLISHED) {
      out.finish();
    }
    wake(0);
    return closed ? Errno.ENOTCONN.result() : 0;
  }

  /// `__tcp_close`: with unread bytes the peer is reset, otherwise it gets a FIN.
  @Override
  public void release() {
    orphan = true;
    if (listening()) {
      stopListening();
    } else if (state == State.ESTABLISHED) {
      sendShut = true;
      if (received.isEmpty()) {
        out.finish();
      } else {
        abort();
      }
    }
    received.clear();
    if (state == State.CONNECTING) {
      state = State.CLOSED;
    }
    world.network().unbind(this);
  }

  @Override
  public void abort() {
    orphan = true;
    if (state == State.ESTABLISHED) {
      out.reset();
    }
    state = State.CLOSED;
  }

  // --- what the network does

  /// The SYN-ACK came: `tcp_finish_connect`.
  void established() {
    state = State.ESTABLISHED;
    world.trace().add(this, Trace.Kind.CONNECTED, 0, null);
    wake(0);
  }

  /// The connect failed.
  void failed(Errno errno) {
    if (state == State.CONNECTING) {
      world.trace().add(this, Trace.Kind.CONNECTED, errno.result(), null);
      close(errno);
    }
  }

  /// Whether both directions were shut from this side: then bytes are answered with a RST, though
  /// shutting the reading side alone lets them in (`tcp_rcv_state_process`, RFC 1122, 4.2.2.13).
  boolean refusesBytes() {
    return receiveShut && sendShut && !finReceived;
  }

  void refuse() {
    out.reset();
    deliverReset();
  }

  /// Bytes arrived: `tcp_data_queue`.
  void deliver(byte[] bytes) {
    world.trace().add(this, Trace.Kind.SEGMENT, Trace.hashOf(bytes), bytes);
    received.add(bytes);
    wake(Ready.READABLE | Ready.PRI | Ready.RDBAND);
  }

  /// The FIN arrived: `tcp_fin` wakes everybody, whatever they wait for.
  void deliverFin() {
    world.trace().add(this, Trace.Kind.FIN, 0, null);
    finReceived = true;
    receiveShut = true;
    wake(0);
  }

  /// A RST arrived: `tcp_reset`. A connection that was ended from both sides is past it.
  void deliverReset() {
    if (state != State.ESTABLISHED || (finReceived && out.finDelivered())) {
      return;
    }
    world.trace().add(this, Trace.Kind.RESET, 0, null);
    out.drop();
    close(finReceived ? Errno.EPIPE : Errno.ECONNRESET);
  }

  /// The peer has received more: `tcp_check_space`, `sk_stream_write_space`.
  void acknowledged() {
    if (state != State.ESTABLISHED) {
      return;
    }
    if (noSpace && writable()) {
      noSpace = false;
      wake(Ready.WRITABLE | Ready.SPACE);
    } else {
      wake(Ready.SPACE);
    }
  }

  private void close(Errno errno) {
    error = errno;
    state = State.CLOSED;
    receiveShut = true;
    sendShut = true;
    wake(0);
  }
}
