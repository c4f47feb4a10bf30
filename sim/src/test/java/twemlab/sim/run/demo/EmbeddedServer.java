package twemlab.sim.run.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.ServerModel;
import twemlab.sim.model.memcached.MemcachedModel;

/// A [ServerModel] on real sockets, for tests on machines without the real servers.
///
/// It shares no code with the proxy and its event loop, so that a test which sets the proxy before
/// it does not test the two against each other's mistakes. One virtual thread per connection; a
/// lock serializes the calls of the model, which is not thread-safe.
///
/// [#main] is a program that can stand in for memcached: the tests of other modules compile this
/// class and the model from their sources, and run it as a process that they stop and kill.
public final class EmbeddedServer implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int BACKLOG = 512;
  private static final int ITEM_SIZE_MAX = 1024 * 1024;

  private final ServerModel model;
  private final List<ServerSocketChannel> listeners = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
  private long latestMillis;

  private EmbeddedServer(ServerModel model) {
    this.model = model;
  }

  /// Starts serving on TCP.
  ///
  /// @param port a port of the loopback address; 0 takes a free one
  /// @throws UncheckedIOException if the port is taken
  public static EmbeddedServer start(ServerModel model, int port) {
    return start(model, List.of(new InetSocketAddress(LOOPBACK, port)));
  }

  private static EmbeddedServer start(ServerModel model, List<SocketAddress> addresses) {
    EmbeddedServer server = new EmbeddedServer(model);
    addresses.forEach(server::listen);
    return server;
  }

  private void listen(SocketAddress address) {
    try {
      ServerSocketChannel listener =
          address instanceof UnixDomainSocketAddress
              ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
              : ServerSocketChannel.open();
      listener.bind(address, BACKLOG);
      listeners.add(listener);
      Thread.ofPlatform().name("embedded-server").start(() -> accept(listener));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + address, e);
    }
  }

  /// The first TCP port it listens on.
  public int port() {
    return listeners.getFirst().socket().getLocalPort();
  }

  private void accept(ServerSocketChannel listener) {
    while (listener.isOpen()) {
      try {
        SocketChannel connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().name("embedded-connection").start(() -> serve(connection));
      } catch (IOException _) {
        // The listener was closed, or the peer gave up while it waited.
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      if (connection.getRemoteAddress() instanceof InetSocketAddress) {
        connection.socket().setTcpNoDelay(true);
      }
      exchange(connection);
    } catch (IOException _) {
      // The peer went away; so does its session.
    } finally {
      connections.remove(connection);
    }
  }

  private void exchange(SocketChannel connection) throws IOException {
    ReplyBuffer reply = new ReplyBuffer();
    ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
    ServerModel.Session session = connect();
    while (!session.closed()) {
      bytes.clear();
      int count = connection.read(bytes);
      if (count < 0) {
        return;
      }
      receive(session, bytes.array(), count, reply);
      ByteBuffer out = ByteBuffer.wrap(reply.toByteArray());
      while (out.hasRemaining()) {
        connection.write(out);
      }
      reply.clear();
    }
  }

  private ServerModel.Session connect() {
    lock.lock();
    try {
      return model.connect();
    } finally {
      lock.unlock();
    }
  }

  /// The model wants a time that never goes back.
  private void receive(ServerModel.Session session, byte[] bytes, int count, ReplyBuffer reply) {
    lock.lock();
    try {
      latestMillis = Math.max(latestMillis, System.currentTimeMillis());
      session.receive(bytes, 0, count, reply, latestMillis);
    } finally {
      lock.unlock();
    }
  }

  /// Stops listening and closes all connections.
  @Override
  public void close() {
    try {
      for (ServerSocketChannel listener : listeners) {
        listener.close();
      }
      for (SocketChannel connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close an embedded server", e);
    }
  }

  /// Serves the model of memcached until the process is ended.
  ///
  /// @param arguments memcached's options `-l ADDRESS[:PORT]`, `-p PORT`, `-s PATH` and `-I SIZE`;
  ///   `-u`, `-U` and `-m` are taken and mean nothing here
  /// @throws IllegalArgumentException for another one
  public static void main(String[] arguments) {
    List<String> hosts = new ArrayList<>();
    List<SocketAddress> addresses = new ArrayList<>();
    int port = 11211;
    int itemSizeMax = ITEM_SIZE_MAX;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "-l" -> hosts.add(value);
        case "-p" -> port = Integer.parseInt(value);
        case "-s" -> addresses.add(UnixDomainSocketAddress.of(Path.of(value)));
        case "-I" -> itemSizeMax = size(value);
        case "-u", "-U", "-m" -> {}
        default -> throw new IllegalArgumentException("option " + arguments[i]);
      }
    }
    for (String host : hosts) {
      String[] parts = host.split(":", 2);
      int own = parts.length == 2 ? Integer.parseInt(parts[1]) : port;
      addresses.add(new InetSocketAddress(InetAddress.ofLiteral(parts[0]), own));
    }
    EmbeddedServer _ =
        start(
            new MemcachedModel(itemSizeMax, MemcachedModel.CasNumbers.PER_SERVER),
            List.copyOf(addresses));
  }

  /// Bytes, or with a letter behind, KiB or MiB.
  private static int size(String text) {
    return switch (text.charAt(text.length() - 1)) {
      case 'k' -> Integer.parseInt(text.substring(0, text.length() - 1)) * 1024;
      case 'm' -> Integer.parseInt(text.substring(0, text.length() - 1)) * 1024 * 1024;
      default -> Integer.parseInt(text);
    };
  }
}
