package twemlab.sim.run.hostile.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

/// A redis server that understands no command, and answers each request with what a proxy may not
/// expect: numbers at the ends of their range, replies of another type, too long, cut, doubled, or
/// none.
final class EvilServer implements AutoCloseable {
  private static final int HELD_MILLIS = 300;
  private static final int LARGE = 1_000_000;

  /// Whole replies. Those to DEL are added up by the proxy.
  private static final List<String> NUMBERS =
      List.of(
          ":-9223372036854775807\r\n",
          ":-9223372036854775808\r\n",
          ":9223372036854775807\r\n",
          ":-1\r\n",
          ":-1\r\n",
          ":1\r\n",
          ":00000000000000000000000000000000000007\r\n",
          ":+1\r\n",
          ":18446744073709551617\r\n",
          ":\r\n",
          ":-\r\n");

  private static final List<String> OTHERS =
      List.of(
          "$-1\r\n",
          "*-1\r\n",
          "*0\r\n",
          "$0\r\n\r\n",
          "+\r\n",
          "-\r\n",
          "-ERR evil\r\n",
          "-LOADING evil\r\n",
          "-OOM evil\r\n",
          "*1\r\n".repeat(200) + ":1\r\n",
          "*3\r\n$1\r\na\r\n$-1\r\n:5\r\n",
          "_\r\n",
          "%1\r\n+a\r\n:1\r\n");

  /// What is no reply, or not the whole of one, or more than one.
  private static final List<String> BROKEN =
      List.of(
          "$2147483648\r\nabc",
          "$9223372036854775807\r\nabc",
          "$-2\r\n",
          "*2147483647\r\n",
          "*-5\r\n",
          "$5\r\nabc\r\n\r\n",
          "$3\r\nabcde",
          ":1\r\n:2\r\n",
          "+OK\r\n+OK\r\n+OK\r\n",
          "HTTP/1.1 400 Bad Request\r\n\r\n",
          "\0\0\0\0",
          "\r\n",
          "+OK\n",
          ":1");

  private final ServerSocket listener;
  private final long seed;
  private final AtomicInteger accepted = new AtomicInteger();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private EvilServer(ServerSocket listener, long seed) {
    this.listener = listener;
    this.seed = seed;
  }

  static EvilServer start(long seed) throws IOException {
    var server = new EvilServer(new ServerSocket(0, 64, InetAddress.ofLiteral("127.0.0.1")), seed);
    Thread.ofVirtual().name("evil").start(server::accept);
    return server;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        Choices choices = new SeededChoices(seed + accepted.getAndIncrement());
        Thread.ofVirtual().name("evil-connection").start(() -> serve(socket, choices));
      } catch (IOException _) {
        // Closed, or the proxy gave up meanwhile.
      }
    }
  }

  private void serve(Socket socket, Choices choices) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      boolean onlyNumbers = choices.chance(3, 4);
      boolean goesOn = true;
      while (goesOn) {
        goesOn = request(in, out) && answer(out, onlyNumbers, choices);
        out.flush();
      }
    } catch (IOException | InterruptedException _) {
      // The proxy had enough of it.
    } finally {
      sockets.remove(socket);
    }
  }

  /// @return whether the connection goes on
  private static boolean answer(OutputStream out, boolean onlyNumbers, Choices choices)
      throws IOException, InterruptedException {
    switch (onlyNumbers ? 0 : choices.weighted(60, 20, 8, 4, 2)) {
      case 0 -> out.write(choices.pick(NUMBERS).getBytes(ISO_8859_1));
      case 1 -> out.write(choices.pick(OTHERS).getBytes(ISO_8859_1));
      case 2 -> out.write(choices.pick(BROKEN).getBytes(ISO_8859_1));
      case 3 -> {
        return false;
      }
      default -> Thread.sleep(HELD_MILLIS);
    }
    return true;
  }

  /// Reads over one request in the form of an array of bulks; the proxy sends no other. A large
  /// argument is refused before it is read, and answered once more afterwards.
  private static boolean request(InputStream in, OutputStream out) throws IOException {
    int arguments = number(in);
    for (int i = 0; i < arguments; i++) {
      int length = number(in);
      if (length > LARGE) {
        out.write("-ERR too large\r\n".getBytes(ISO_8859_1));
        out.flush();
      }
      in.skipNBytes(length + 2L);
    }
    return arguments >= 0;
  }

  /// The number in a line after its first character; -1 at the end of the stream.
  private static int number(InputStream in) throws IOException {
    int number = 0;
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return -1;
      }
      if (next >= '0' && next <= '9') {
        number = number * 10 + next - '0';
      }
    }
    return number;
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
