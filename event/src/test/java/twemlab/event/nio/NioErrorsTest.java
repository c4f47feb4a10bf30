package twemlab.event.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.kernel.Errno;

/// The table of exceptions: its rows, and that this JDK's real exceptions are found in it.
final class NioErrorsTest {
  @ParameterizedTest
  @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void theTextOfTheSystemDecides(Errno errno) {
    assertThat(NioErrors.of(new IOException(errno.text()))).isEqualTo(errno);
    assertThat(NioErrors.of(new BindException(errno.text()))).isEqualTo(errno);
    assertThat(NioErrors.of(new IOException("doing this: " + errno.text()))).isEqualTo(errno);
  }

  @Test
  void textsOfTheLibraryAndOfOtherSystems() {
    assertThat(NioErrors.of(new SocketException("Connection reset"))).isEqualTo(Errno.ECONNRESET);
    assertThat(NioErrors.of(new ConnectException("Connection refused: no further information")))
        .isEqualTo(Errno.ECONNREFUSED);
    assertThat(NioErrors.of(new ConnectException("Operation timed out")))
        .isEqualTo(Errno.ETIMEDOUT);
    assertThat(NioErrors.of(new SocketException("Unix domain path too long")))
        .isEqualTo(Errno.ENAMETOOLONG);
  }

  @Test
  void theTypeDecidesWhenTheTextSaysNothing() {
    assertThat(NioErrors.of(new ConnectException("?"))).isEqualTo(Errno.ECONNREFUSED);
    assertThat(NioErrors.of(new NoRouteToHostException())).isEqualTo(Errno.EHOSTUNREACH);
    assertThat(NioErrors.of(new BindException("?"))).isEqualTo(Errno.EADDRINUSE);
    assertThat(NioErrors.of(new ClosedChannelException())).isEqualTo(Errno.EBADF);
    assertThat(NioErrors.of(new UnsupportedAddressTypeException())).isEqualTo(Errno.EAFNOSUPPORT);
    assertThat(NioErrors.of(new UnsupportedOperationException())).isEqualTo(Errno.EAFNOSUPPORT);
  }

  @Test
  void whatNobodyKnowsIsAnInputOutputError() {
    assertThat(NioErrors.of(new IOException("never heard of"))).isEqualTo(Errno.EIO);
    assertThat(NioErrors.of(new IOException((String) null))).isEqualTo(Errno.EIO);
    assertThat(NioErrors.of(new IllegalStateException())).isEqualTo(Errno.EIO);
  }

  @Test
  void exceptionsOfThisLibrary() throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    SocketAddress address;
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(loopback, 0));
      address = server.getLocalAddress();
      assertThat(bindError(address)).isEqualTo(Errno.EADDRINUSE);
    }
    assertThat(connectError(address)).isEqualTo(Errno.ECONNREFUSED);
    assertThat(bindError(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0)))
        .isEqualTo(Errno.EADDRNOTAVAIL);
    assertThat(connectError(UnixDomainSocketAddress.of("/nonexistent/socket")))
        .isEqualTo(Errno.ENOENT);
  }

  private static Errno bindError(SocketAddress address) throws IOException {
    try (var server = ServerSocketChannel.open()) {
      server.bind(address);
      throw new AssertionError("bound to " + address);
    } catch (SocketException e) {
      return NioErrors.of(e);
    }
  }

  private static Errno connectError(SocketAddress address) {
    try (var _ = SocketChannel.open(address)) {
      throw new AssertionError("connected to " + address);
    } catch (IOException e) {
      return NioErrors.of(e);
    }
  }
}
