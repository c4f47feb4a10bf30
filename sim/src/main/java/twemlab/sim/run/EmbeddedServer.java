package twemlab.sim.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import twemlab.sim.ReplyBuffer;
import twemlab.sim.ServerModel;

/// A [ServerModel] on a real socket of the loopback address, for demonstrations and tests on
/// machines without the real servers.
///
/// One virtual thread per connection; a lock serializes the calls of the model, which is not
/// thread-safe.
public final class EmbeddedServer implements AutoCloseable {
  private static final int BACKLOG = 512;

  private final ServerModel model;
  private final ServerSocket listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private EmbeddedServer(ServerModel model, ServerSocket listener) {
    this.model = model;
    this.listener = listener;
  }

  /// Starts serving.
  ///
  /// @param port the TCP port; 0 takes a free one
  /// @throws UncheckedIOException if the port is taken
  public static EmbeddedServer start(ServerModel model, int port) {
    try {
      InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
      EmbeddedServer server = new EmbeddedServer(model, new ServerSocket(port, BACKLOG, loopback));
      Thread.ofVirtual().name("embedded-server-" + server.port()).start(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, e);
    }
  }

  /// The TCP port it listens on.
  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual().name("embedded-connection").start(() -> serve(socket));
      } catch (IOException _) {
        // The listener was closed, or the peer gave up while it waited.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      exchange(socket.getInputStream(), socket.getOutputStream());
    } catch (IOException _) {
      // The peer went away; so does its session.
    } finally {
      connections.remove(socket);
    }
  }

  private void exchange(InputStream in, OutputStream out) throws IOException {
    ReplyBuffer reply = new ReplyBuffer();
    byte[] bytes = new byte[64 * 1024];
    ServerModel.Session session = connect();
    while (!session.closed()) {
      int count = in.read(bytes);
      if (count < 0) {
        return;
      }
      lock.lock();
      try {
        session.receive(bytes, 0, count, reply, System.currentTimeMillis());
      } finally {
        lock.unlock();
      }
      out.write(reply.toByteArray());
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

  /// Stops listening and closes all connections.
  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : connections) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close an embedded server", e);
    }
  }
}
