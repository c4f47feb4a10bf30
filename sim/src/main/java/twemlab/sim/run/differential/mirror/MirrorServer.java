package twemlab.sim.run.differential.mirror;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that says back what it was sent ([MirrorReplies]), remembers it, and misbehaves where a
/// key asks for it ([Fault]).
///
/// Both proxies have mirrors of their own with the same indices, so the same requests get the same
/// replies from both.
public final class MirrorServer implements AutoCloseable {
  /// How long a late reply takes.
  static final int LATE_MILLIS = 800;

  /// A database that needs the password.
  private static final String GUARDED = "5";

  /// Between bytes and an end that must not be seen together.
  private static final int APART_MILLIS = 30;

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int BACKLOG = 128;

  private final boolean redis;
  private final int index;
  private final int port;
  private final List<String> log = new ArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger suspects = new AtomicInteger();
  private final boolean closesOnErrors;
  private volatile ServerSocket listener;
  private Thread acceptor;

  private MirrorServer(boolean redis, int index, boolean closesOnErrors) {
    this.redis = redis;
    this.index = index;
    this.closesOnErrors = closesOnErrors;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
    accepting(listener);
  }

  /// Starts a server on a free port of the loopback address.
  ///
  /// @param closesOnErrors whether the proxy before it closes a connection on `-OOM` and the like
  public static MirrorServer start(boolean redis, int index, boolean closesOnErrors) {
    return new MirrorServer(redis, index, closesOnErrors);
  }

  private static ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(LOOPBACK, port), BACKLOG);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port, e);
    }
  }

  int port() {
    return port;
  }

  /// What arrived since the last call, in the order of its arrival.
  public List<String> takeLog() {
    synchronized (log) {
      List<String> taken = List.copyOf(log);
      log.clear();
      return taken;
    }
  }

  /// How many requests have arrived since then.
  public int logged() {
    synchronized (log) {
      return log.size();
    }
  }

  /// Stops listening and ends every connection; returns when the proxy has closed them too.
  public void kill() {
    try {
      listener.close();
      // The socket goes when nobody waits in accept any more.
      acceptor.join();
      finishConnections();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends every connection, but goes on listening; returns when the proxy has closed them too.
  public void finishConnections() {
    for (Socket socket : sockets) {
      try {
        socket.shutdownOutput();
      } catch (IOException _) {
        // Closed already.
      }
    }
    awaitClosed();
  }

  /// Waits until no connection is open.
  private void awaitClosed() {
    Pause.until(() -> open.get() == 0);
  }

  /// Waits until the proxy has closed the connections that misbehaved.
  public void settle() {
    Pause.until(() -> suspects.get() == 0);
  }

  /// Listens again.
  public void restart() {
    listener = listen(port);
    accepting(listener);
  }

  private void accepting(ServerSocket from) {
    acceptor = Thread.ofVirtual().name("mirror-accept").start(() -> accept(from));
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        open.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().name("mirror").start(() -> serve(socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      new Conversation(socket, in, socket.getOutputStream()).run();
    } catch (IOException | RuntimeException _) {
      // The proxy has closed the connection, or sent what is no request, which the logs show.
    } finally {
      sockets.remove(socket);
      open.decrementAndGet();
    }
  }

  private void note(String request) {
    synchronized (log) {
      log.add(request);
    }
  }

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
  }

  /// One connection.
  private final class Conversation {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final StringBuilder replies = new StringBuilder();
    private int database;
    private boolean authenticated;

    /// The proxy must close this connection for what it was sent.
    private boolean suspect;

    Conversation(Socket socket, InputStream in, OutputStream out) {
      this.socket = socket;
      this.in = in;
      this.out = out;
    }

    void run() throws IOException {
      try {
        while (redis ? serveRedis() : serveMemcached()) {
          if (in.available() == 0 || replies.length() > 1 << 16) {
            flush();
          }
        }
        flush();
      } finally {
        suspects.addAndGet(suspect ? -1 : 0);
      }
    }

    private void suspect(boolean now) {
      if (now && !suspect) {
        suspect = true;
        suspects.incrementAndGet();
      }
    }

    private void flush() throws IOException {
      out.write(Wire.bytes(replies.toString()));
      replies.setLength(0);
    }

    private boolean serveRedis() throws IOException {
      List<String> words = Wire.readResp(in);
      if (words == null) {
        return false;
      }
      switch (words.getFirst()) {
        // In capitals: from the proxy itself, to prepare the connection.
        case "AUTH" -> {
          boolean right = words.get(1).equals("sesame");
          authenticated |= right;
          replies.append(right ? "+OK\r\n" : "-WRONGPASS invalid password\r\n");
        }
        case "SELECT" -> {
          boolean late = words.get(1).equals(GUARDED) && !authenticated;
          database = late ? database : Integer.parseInt(words.get(1));
          replies.append(late ? "-NOAUTH Authentication required.\r\n" : "+OK\r\n");
        }
        default -> {
          note(Wire.resp(words));
          String key = words.size() > 1 ? words.get(1) : "";
          return answer(Fault.of(key), MirrorReplies.redis(index, database, words));
        }
      }
      return true;
    }

    private boolean serveMemcached() throws IOException {
      String line = Wire.readLine(in);
      if (line == null) {
        return false;
      }
      List<String> fields = new ArrayList<>(List.of(line.trim().split(" +", -1)));
      String data = "";
      if (List.of("set", "add", "replace", "append", "prepend", "cas")
          .contains(fields.getFirst())) {
        data = Wire.readExactly(in, Integer.parseInt(fields.get(4)) + 2);
      }
      note(line + data);
      boolean silent = fields.getLast().equals("noreply");
      if (silent) {
        fields.removeLast();
      }
      String key = fields.size() > 1 ? fields.get(1) : "";
      Fault fault = Fault.of(key);
      String reply = MirrorReplies.memcached(index, fields, data);
      boolean error = reply.contains("ERROR");
      suspect(silent && error);
      return (silent && !error) ? answer(fault, "") : answer(fault, reply);
    }

    /// Ends the connection as an orderly process does: a close with unread bytes would be a reset.
    private boolean finish() throws IOException {
      flush();
      socket.shutdownOutput();
      in.skipNBytes(Long.MAX_VALUE);
      return false;
    }

    /// False when the connection is over.
    private boolean answer(Fault fault, String reply) throws IOException {
      switch (fault) {
        case NONE, OTHER_TYPE -> replies.append(reply);
        case OOM, BUSY, LOADING -> {
          suspect(closesOnErrors);
          replies.append(MirrorReplies.transientError(fault));
        }
        case GARBAGE -> {
          suspect(true);
          replies.append(redis ? "_\r\n" : "WHAT\r\n");
        }
        case STRAY -> {
          suspect(true);
          replies.append(reply).append(reply);
        }
        case END -> {
          return finish();
        }
        case PART -> {
          replies.append(redis ? "$10\r\nabc" : "VALUE a 0 10\r\nabc");
          flush();
          // nutcracker overlooks an end that comes together with bytes.
          Pause.millis(APART_MILLIS);
          return finish();
        }
        case RESET -> {
          flush();
          socket.setSoLinger(true, 0);
          return false;
        }
        case LATE -> {
          flush();
          Pause.millis(LATE_MILLIS);
          replies.append(reply);
        }
      }
      return true;
    }
  }
}
