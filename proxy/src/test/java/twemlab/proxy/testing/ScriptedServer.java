package twemlab.proxy.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that does to the proxy what a test wants, which real servers do rarely.
///
/// A script runs on a thread of its own for each connection, reads and writes as it likes, and the
/// connection is closed when it returns.
public final class ScriptedServer implements AutoCloseable {
  /// What the server does on a connection.
  @FunctionalInterface
  public interface Script {
    void run(Peer peer) throws IOException;
  }

  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  private ScriptedServer(ServerSocket listener, Script script) {
    this.listener = listener;
    Thread.ofPlatform().daemon().name("scripted-accept").start(() -> accept(script));
  }

  /// Listens on a free port of the loopback address.
  public static ScriptedServer start(Script script) {
    try {
      return new ScriptedServer(new ServerSocket(0, 64, ProxyUnderTest.loopback()), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(Script script) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofPlatform().daemon().name("scripted").start(() -> serve(script, socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Script script, Socket socket) {
    try (socket) {
      script.run(new Peer(socket));
    } catch (IOException _) {
      // The proxy has closed the connection.
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
  }

  /// The port.
  public int port() {
    return listener.getLocalPort();
  }

  /// How many connections were accepted.
  public int connections() {
    return connections.get();
  }

  /// Closes everything.
  ///
  /// @throws AssertionError if a script failed
  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("a script failed", failures.getFirst());
    }
  }

  /// The proxy, as its server sees it.
  public static final class Peer {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Peer(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      this.out = socket.getOutputStream();
    }

    /// Reads a line without its end.
    public String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new EOFException();
        }
        line.append((char) b);
      }
      return line.substring(0, line.length() - 1);
    }

    /// Reads a redis request and joins its words by spaces.
    public String request() throws IOException {
      int count = Integer.parseInt(line().substring(1));
      StringBuilder words = new StringBuilder();
      for (int i = 0; i < count; i++) {
        int length = Integer.parseInt(line().substring(1));
        words.append(i == 0 ? "" : " ").append(new String(in.readNBytes(length), ISO_8859_1));
        line();
      }
      return words.toString();
    }

    /// Sends a text.
    public Peer send(String text) throws IOException {
      out.write(text.getBytes(ISO_8859_1));
      return this;
    }

    /// Ends the connection with a reset.
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
