package twemlab.sim.world;

import java.util.LinkedHashMap;
import java.util.Map;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.Platform;
import twemlab.sim.choice.Choices;

/// The simulated network: who is bound where, how connections are made, and how long packets
/// travel.
///
/// All processes and hosts of a world share one network and one file system for unix sockets; any
/// address may be bound by anybody.
public final class Network {
  private static final int PORT_MIN = 32_768;
  private static final int PORT_MAX = 60_999;

  /// Linux sends a first packet again after 1, 2, 4, ... s, six times (tcp_syn_retries).
  private static final int SYN_RETRIES = 6;

  private static final long SECOND = 1_000_000_000L;

  private final World world;
  private final Choices choices;
  private final Map<Address.Inet, TcpSocket> bound = new LinkedHashMap<>();
  private final Map<String, UnixPath> paths = new LinkedHashMap<>();
  private final Map<Address, Long> clogs = new LinkedHashMap<>();
  private int nextPort = PORT_MIN;
  private long lastInode;

  /// A socket's name in the file system, which outlives the socket.
  private static final class UnixPath {
    private final long inode;
    private UnixSocket socket;

    UnixPath(long inode, UnixSocket socket) {
      this.inode = inode;
      this.socket = socket;
    }
  }

  Network(World world, Choices choices) {
    this.world = world;
    this.choices = choices;
  }

  /// Holds back everything that is sent from or to `address` (with its port) until `time`; packets
  /// under way arrive.
  public void clog(Address address, long time) {
    clogs.put(address, time);
  }

  /// Who is bound to an address: the name of a process or host, or null.
  public String owner(Address address) {
    return switch (address) {
      case Address.Inet inet -> {
        TcpSocket socket = bound.get(inet);
        yield socket == null ? null : socket.owner;
      }
      case Address.Unix(String path) -> {
        UnixPath place = paths.get(path);
        yield place == null || place.socket == null ? null : place.socket.owner;
      }
      case null -> null;
    };
  }

  // --- time

  /// When a packet that leaves now arrives.
  long arrival(Address from, Address to) {
    Settings settings = world.settings();
    int spread = settings.latencyMaxNanos() - settings.latencyMinNanos();
    int latency = settings.latencyMinNanos() + (spread > 0 ? choices.below(spread + 1) : 0);
    long departure = world.scheduler().now();
    if (!clogs.isEmpty()) {
      departure = Math.max(departure, clogs.getOrDefault(from, 0L));
      departure = Math.max(departure, clogs.getOrDefault(to, 0L));
    }
    return departure + latency;
  }

  /// How many of `length` bytes the first segment carries.
  int cut(int length) {
    int rate = world.settings().splitRate();
    return length > 1 && rate > 0 && choices.chance(rate, Faults.OUT_OF)
        ? 1 + choices.below(length - 1)
        : length;
  }

  // --- internet addresses

  int bind(TcpSocket socket, Address.Inet address) {
    Address.Inet full = address.port() == 0 ? withFreePort(address) : address;
    if (full == null || bound.containsKey(full)) {
      return Errno.EADDRINUSE.result();
    }
    bound.put(full, socket);
    socket.local = full;
    return 0;
  }

  int bindAny(TcpSocket socket) {
    int size = socket.domain == Platform.AF_INET ? 4 : 16;
    return bind(socket, Address.inet(new byte[size], 0));
  }

  /// Binds a socket that connects: the nearest own address is the peer's.
  int bindFor(TcpSocket socket, Address.Inet peer) {
    int result = bind(socket, new Address.Inet(peer.octets(), 0));
    return result == 0 ? 0 : Errno.EADDRNOTAVAIL.result();
  }

  int listen(TcpSocket socket) {
    return bound.get((Address.Inet) socket.local) == socket ? 0 : Errno.EADDRINUSE.result();
  }

  void stopListening(TcpSocket socket) {
    unbind(socket);
  }

  void unbind(TcpSocket socket) {
    if (socket.local != null && bound.get((Address.Inet) socket.local) == socket) {
      bound.remove((Address.Inet) socket.local);
    }
  }

  private Address.Inet withFreePort(Address.Inet address) {
    for (int i = PORT_MIN; i <= PORT_MAX; i++) {
      Address.Inet full = new Address.Inet(address.octets(), nextPort);
      nextPort = nextPort == PORT_MAX ? PORT_MIN : nextPort + 1;
      if (!bound.containsKey(full)) {
        return full;
      }
    }
    return null;
  }

  /// The listener for an address: bound to it, or to all addresses of its family; one that listens
  /// on all of IPv6 takes IPv4 too.
  private TcpSocket listenerAt(Address.Inet address) {
    TcpSocket found = bound.get(address);
    if (found == null) {
      found = bound.get(Address.inet(new byte[address.octets().size()], address.port()));
    }
    if (found == null) {
      found = bound.get(Address.inet(new byte[16], address.port()));
    }
    return found != null && found.listening() ? found : null;
  }

  // --- handshakes

  void connect(TcpSocket client) {
    Faults faults = world.faults();
    if (faults.fires(Fault.CONNECT_TIMEOUT)) {
      sendSyn(client, 0, true, 0);
    } else if (faults.fires(Fault.CONNECT_SLOW)) {
      sendSyn(client, 0, false, 1_000L * faults.below(Fault.CONNECT_SLOW, 3_000_000));
    } else {
      sendSyn(client, 0, false, 0);
    }
  }

  private void sendSyn(TcpSocket client, int attempt, boolean lost, long extra) {
    long arrival = arrival(client.local, client.peer) + extra;
    world.scheduler().at(arrival, () -> arriveSyn(client, attempt, lost));
  }

  private void arriveSyn(TcpSocket client, int attempt, boolean lost) {
    if (!client.connecting()) {
      return;
    }
    TcpSocket listener = listenerAt((Address.Inet) client.peer);
    if (lost || (listener != null && listener.full(listener.handshakes))) {
      again(client, attempt, lost);
    } else if (listener == null || world.faults().fires(Fault.CONNECT_REFUSED)) {
      long back = arrival(client.peer, client.local);
      world.scheduler().at(back, () -> client.failed(Errno.ECONNREFUSED));
    } else {
      answer(client, listener);
    }
  }

  private void again(TcpSocket client, int attempt, boolean lost) {
    world.trace().add(client, Trace.Kind.SYN_DROPPED, attempt, null);
    long wait = SECOND << attempt;
    if (attempt == SYN_RETRIES) {
      world.scheduler().after(wait, () -> client.failed(Errno.ETIMEDOUT));
    } else {
      world.scheduler().after(wait, () -> sendSyn(client, attempt + 1, lost, 0));
    }
  }

  /// Sends the SYN-ACK; the connection waits for accept(2) when the answer to that is back.
  private void answer(TcpSocket client, TcpSocket listener) {
    listener.handshakes++;
    TcpSocket server = TcpSocket.join(client, listener);
    long back = arrival(client.peer, client.local);
    server.out().notBefore(back);
    world.scheduler().at(back, () -> finish(client, server, listener));
  }

  private void finish(TcpSocket client, TcpSocket server, TcpSocket listener) {
    boolean wanted = client.connecting();
    if (wanted) {
      client.established();
    }
    long ack = arrival(client.local, client.peer);
    client.out().notBefore(ack);
    world.scheduler().at(ack, () -> queue(server, listener, wanted));
  }

  private static void queue(TcpSocket server, TcpSocket listener, boolean wanted) {
    listener.handshakes--;
    if (!wanted || !listener.listening()) {
      server.abort();
    } else {
      listener.enqueue(server);
    }
  }

  // --- unix paths

  int bind(UnixSocket socket, Address.Unix address) {
    if (paths.containsKey(address.path())) {
      return Errno.EADDRINUSE.result();
    }
    paths.put(address.path(), new UnixPath(++lastInode, socket));
    socket.local = address;
    return 0;
  }

  /// The name stays when its socket goes; connecting to it is refused then.
  void unbind(UnixSocket socket) {
    if (socket.local instanceof Address.Unix(String name)) {
      UnixPath path = paths.get(name);
      if (path != null && path.socket == socket) {
        path.socket = null;
      }
    }
  }

  public boolean pathExists(String path) {
    return paths.containsKey(path);
  }

  UnixSocket listenerAt(String path) {
    UnixSocket socket = paths.get(path).socket;
    return socket != null && socket.listening() ? socket : null;
  }

  public int unlink(String path) {
    return paths.remove(path) == null ? Errno.ENOENT.result() : 0;
  }

  /// There are no other files than sockets here.
  public int lstat(String path, FileStatus status) {
    UnixPath place = paths.get(path);
    if (place == null) {
      return Errno.ENOENT.result();
    }
    status.set(FileStatus.Kind.SOCKET, 1, place.inode);
    return 0;
  }
}
