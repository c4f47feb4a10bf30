package twemlab.proxy.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// A client that says exactly what a test wants, byte for byte.
///
/// Texts are ISO 8859-1, so that each character is a byte.
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Closeable connection;
  private final InputStream in;
  private final OutputStream out;

  private RawClient(Closeable connection, InputStream in, OutputStream out) {
    this.connection = connection;
    this.in = new BufferedInputStream(in, 1 << 16);
    this.out = out;
  }

  /// Connects to a unix socket. Its reads have no time limit.
  public static RawClient connect(Path path) {
    try {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
      return new RawClient(
          channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Connects to a port of the loopback address.
  public static RawClient connect(int port) {
    return connect(port, 0);
  }

  /// Connects with a receive buffer of a size, or of the usual size for 0.
  public static RawClient connect(int port, int receiveBuffer) {
    try {
      Socket socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new InetSocketAddress(ProxyUnderTest.loopback(), port), TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return new RawClient(socket, socket.getInputStream(), socket.getOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a text.
  public RawClient send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  /// Sends bytes.
  public RawClient send(byte[] bytes) {
    try {
      out.write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a text byte by byte, each in a packet of its own.
  public RawClient sendByteByByte(String text) {
    for (int i = 0; i < text.length(); i++) {
      send(text.substring(i, i + 1));
      Thread.onSpinWait();
    }
    return this;
  }

  /// Sends a redis command.
  public RawClient command(String... words) {
    return send(resp(words));
  }

  /// A redis command as bytes on the wire.
  public static String resp(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  /// Reads a line, without its end; fails at the end of the stream.
  public String line() {
    StringBuilder line = new StringBuilder();
    try {
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new AssertionError("the stream ended after '" + line + "'");
        }
        line.append((char) b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("after '" + line + "'", e);
    }
    return line.substring(0, line.length() - 1);
  }

  /// Reads as many characters as the text has.
  public String read(int length) {
    try {
      byte[] bytes = in.readNBytes(length);
      return new String(bytes, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads so many bytes and forgets them.
  public void skip(int length) {
    try {
      in.skipNBytes(length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads up to the end of the stream; a reset fails.
  public String readToEnd() {
    try {
      return new String(in.readAllBytes(), ISO_8859_1);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the stream does not end", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Asks and reads the one line of the answer.
  public String ask(String text) {
    return send(text).line();
  }

  /// Says that nothing more will be sent.
  public RawClient finish() {
    try {
      ((Socket) connection).shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the connection with a reset.
  public void reset() {
    try {
      ((Socket) connection).setSoLinger(true, 0);
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
