package twemlab.sim.run.hostile.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/// A connection of an attacker: bytes as they are, with a small memory however many they are.
public final class Wire implements AutoCloseable {
  private static final int CONNECT_MILLIS = 3000;
  private static final int CHUNK = 1 << 16;
  private static final int LABEL = 48;

  private final Socket socket = new Socket();

  /// @param receiveBuffer SO_RCVBUF; 0 for the system's own
  Wire(int port, int receiveBuffer) throws IOException {
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Sends bytes; blocks while the proxy does not read.
  public Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  public Wire send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  /// Sends a piece again and again, in large chunks.
  public Wire repeat(String piece, int times) throws IOException {
    int perChunk = Math.clamp(CHUNK / piece.length(), 1, times);
    byte[] chunk = piece.repeat(perChunk).getBytes(ISO_8859_1);
    OutputStream out = socket.getOutputStream();
    for (int left = times; left > 0; left -= perChunk) {
      out.write(chunk, 0, Math.min(left, perChunk) * piece.length());
    }
    return this;
  }

  /// Sends a number of bytes.
  public Wire fill(long length) throws IOException {
    byte[] chunk = new byte[CHUNK];
    Arrays.fill(chunk, (byte) 'x');
    OutputStream out = socket.getOutputStream();
    for (long left = length; left > 0; left -= CHUNK) {
      out.write(chunk, 0, (int) Math.min(left, CHUNK));
    }
    return this;
  }

  /// The beginning of the next line that comes, without what is different each time; what follows
  /// the line may be read over with it.
  public String answer(int millis) throws IOException {
    byte[] bytes = new byte[CHUNK];
    int size = 0;
    socket.setSoTimeout(millis);
    try {
      while (size < LABEL) {
        int count = socket.getInputStream().read(bytes, size, bytes.length - size);
        if (count < 0) {
          return size == 0 ? "closed" : label(bytes, size);
        }
        size += count;
        if (new String(bytes, 0, size, ISO_8859_1).indexOf('\n') >= 0) {
          break;
        }
      }
    } catch (SocketTimeoutException _) {
      return size == 0 ? "nothing" : label(bytes, size);
    } catch (SocketException e) {
      return "reset";
    }
    return label(bytes, size);
  }

  /// An error's text; only the kind of a reply that is none, for those have many values.
  private static String label(byte[] bytes, int size) {
    String text = new String(bytes, 0, Math.min(size, LABEL), ISO_8859_1);
    String line = text.split("[\r\n]", -1)[0].replaceAll("[^ -~]", "?");
    if (line.isEmpty()) {
      return "an empty line";
    }
    return switch (line.charAt(0)) {
      case ':' -> "a number";
      case '$' -> line.equals("$-1") ? "a null" : "a bulk";
      case '*' -> "an array";
      default -> line.startsWith("VALUE ") ? "VALUE" : line;
    };
  }

  /// Reads and throws away.
  ///
  /// @param millis how long nothing may come
  /// @return how many bytes came until then or until the end, `most` at the least to stop early
  public long drain(int millis, long most) throws IOException {
    byte[] bytes = new byte[CHUNK];
    InputStream in = socket.getInputStream();
    socket.setSoTimeout(millis);
    long sum = 0;
    try {
      for (int count = in.read(bytes); count >= 0 && sum < most; count = in.read(bytes)) {
        sum += count;
      }
    } catch (SocketTimeoutException _) {
      return sum;
    }
    return sum;
  }

  /// Reads a few bytes, as a slow reader does.
  ///
  /// @return whether the stream goes on
  public boolean sip(int bytes, int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return socket.getInputStream().read(new byte[bytes]) >= 0;
    } catch (SocketTimeoutException _) {
      return true;
    }
  }

  /// Sends the end of the stream and keeps reading.
  public Wire halfClose() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /// Closes with a reset instead of an end.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
