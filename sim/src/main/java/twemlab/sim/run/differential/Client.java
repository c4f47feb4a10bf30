package twemlab.sim.run.differential;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Predicate;
import twemlab.sim.run.differential.mirror.Pause;
import twemlab.sim.run.differential.mirror.Wire;

/// A client that sends bytes as they were cut and keeps whatever comes back. It reads all the time,
/// so that a proxy that answers while it is still being asked is never stuck.
final class Client implements AutoCloseable {
  private static final int LIMIT_MILLIS = 8000;

  /// Between two pieces: long enough for a proxy that is not busy to read the first.
  private static final int CUT_MILLIS = 1;

  private final Socket socket;
  private final StringBuilder received = new StringBuilder();
  private boolean ended;

  Client(int port) throws IOException {
    socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    socket.setTcpNoDelay(true);
    Thread.ofVirtual().name("client").start(this::read);
  }

  private void read() {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        note(Wire.text(buffer, n), false);
      }
    } catch (IOException _) {
      // A reset: whether a close becomes one is decided by the kernel.
    }
    note("", true);
  }

  private synchronized void note(String text, boolean end) {
    received.append(text);
    ended |= end;
    notifyAll();
  }

  /// Sends pieces, one segment each if the kernel likes.
  ///
  /// @param pauseMillis before the last piece; 0 for the usual pause
  void send(List<String> pieces, int pauseMillis) {
    try {
      for (int i = 0; i < pieces.size(); i++) {
        if (i > 0) {
          Pause.millis(i == pieces.size() - 1 ? Math.max(pauseMillis, CUT_MILLIS) : CUT_MILLIS);
        }
        socket.getOutputStream().write(Wire.bytes(pieces.get(i)));
      }
    } catch (IOException _) {
      // The proxy has closed.
    }
  }

  /// Says that nothing more will be sent.
  void finish() {
    try {
      socket.shutdownOutput();
    } catch (IOException _) {
      // The proxy has closed.
    }
  }

  /// Waits until what was received is as wanted, or the proxy has closed, or too much time went by.
  String await(Predicate<String> wanted) {
    return await(wanted, LIMIT_MILLIS);
  }

  private synchronized String await(Predicate<String> wanted, int limitMillis) {
    long deadline = System.nanoTime() + limitMillis * 1_000_000L;
    int seen = -1;
    while (!ended) {
      if (received.length() != seen) {
        seen = received.length();
        if (wanted.test(received.toString())) {
          break;
        }
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        wait(Math.max(1, left / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return received.toString();
  }

  /// Waits for the proxy to close.
  String awaitEnd() {
    return awaitEnd(LIMIT_MILLIS);
  }

  String awaitEnd(int limitMillis) {
    return await(_ -> false, limitMillis);
  }

  /// Whether the proxy has closed.
  synchronized boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }
}
