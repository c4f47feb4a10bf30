package twemlab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.sim.kernel.Script.ALL;
import static twemlab.sim.kernel.Script.ET;
import static twemlab.sim.kernel.Script.IN;
import static twemlab.sim.kernel.Script.OUT;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.FileStatus;

/// Rules X1 to X4 of unix sockets, on both kernels.
@ParameterizedClass
@EnumSource(Arm.class)
class UnixRulesTest {
  private final Script s;

  UnixRulesTest(Arm arm) {
    s = new Script(arm);
  }

  @AfterEach
  void close() {
    s.close();
  }

  @Test
  void x1PeerCloseHangsUp() {
    int[] pair = s.unixPair();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("OUT");
    s.close(pair[1]);
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|HUP|RDHUP");
    assertThat(s.read(pair[0], 9)).isEmpty();
    assertThat(s.write(pair[0], "x")).isEqualTo("EPIPE");
  }

  @Test
  void x1PeerCloseWithUnreadBytesIsAnError() {
    int[] pair = s.unixPair();
    s.write(pair[0], "unread");
    s.close(pair[1]);
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|ERR|HUP|RDHUP");
    assertThat(s.read(pair[0], 9)).isEqualTo("ECONNRESET");
    assertThat(s.read(pair[0], 9)).isEmpty();
  }

  @Test
  void x1HalfClose() {
    int[] pair = s.unixPair();
    s.sockets.shutdown(pair[1], 1);
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|RDHUP");
    assertThat(s.write(pair[0], "x")).isEqualTo("1");
    assertThat(s.read(pair[1], 9)).isEqualTo("x");
    s.sockets.shutdown(pair[1], 0);
    assertThat(s.write(pair[0], "x")).isEqualTo("EPIPE");
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|HUP|RDHUP");
  }

  @Test
  void x2FullBacklog(@TempDir Path directory) {
    Address address = new Address.Unix(directory.resolve("s").toString());
    int listener = s.unixSocket();
    assertThat(s.bind(listener, address)).isEqualTo("0");
    assertThat(s.connect(s.unixSocket(), address)).isEqualTo("ECONNREFUSED");
    s.sockets.listen(listener, 1);
    assertThat(s.poll(listener, ALL)).isEqualTo("nothing");
    assertThat(s.connect(s.unixSocket(), address)).isEqualTo("0");
    assertThat(s.connect(s.unixSocket(), address)).isEqualTo("0");
    int third = s.unixSocket();
    assertThat(s.connect(third, address)).isEqualTo("EAGAIN");
    assertThat(s.poll(listener, ALL)).isEqualTo("IN");
    s.accept(listener);
    assertThat(s.connect(third, address)).isEqualTo("0");
    assertThat(s.name(third)).isEqualTo(new Address.Unix(""));
    assertThat(s.peerName(third)).isEqualTo(address);
  }

  @Test
  void x2PathsOutliveTheirSockets(@TempDir Path directory) {
    String path = directory.resolve("s").toString();
    Address address = new Address.Unix(path);
    assertThat(s.connect(s.unixSocket(), address)).isEqualTo("ENOENT");
    int listener = s.unixSocket();
    s.bind(listener, address);
    s.sockets.listen(listener, 8);
    int client = s.unixSocket();
    s.connect(client, address);
    assertThat(s.sockets.chmod(path, 0600)).isZero();
    s.close(listener);
    assertThat(s.poll(client, ALL)).isEqualTo("IN|OUT|ERR|HUP|RDHUP");
    assertThat(s.connect(s.unixSocket(), address)).isEqualTo("ECONNREFUSED");
    assertThat(s.bind(s.unixSocket(), address)).isEqualTo("EADDRINUSE");
    assertThat(s.sockets.unlink(path)).isZero();
    assertThat(Script.text(s.sockets.unlink(path))).isEqualTo("ENOENT");
    assertThat(s.bind(s.unixSocket(), address)).isEqualTo("0");
  }

  /// A name that was removed and made again is another file's, though both sockets are open.
  @Test
  void x4NamesAreToldApart(@TempDir Path directory) {
    String path = directory.resolve("s").toString();
    Address address = new Address.Unix(path);
    var first = new FileStatus();
    var again = new FileStatus();
    assertThat(Script.text(s.sockets.lstat(path, first))).isEqualTo("ENOENT");
    int old = s.unixSocket();
    s.bind(old, address);
    assertThat(s.sockets.lstat(path, first)).isZero();
    assertThat(first.kind()).isEqualTo(FileStatus.Kind.SOCKET);
    assertThat(s.sockets.lstat(path, again)).isZero();
    assertThat(again.isSameFile(first)).isTrue();
    s.sockets.unlink(path);
    s.bind(s.unixSocket(), address);
    assertThat(s.sockets.lstat(path, again)).isZero();
    assertThat(again.isSameFile(first)).isFalse();
    s.close(old);
    assertThat(s.sockets.lstat(path, again)).isZero();
  }

  @Test
  void x3WritableAfterMostHasDrained() {
    int[] pair = s.unixPair();
    int filled = s.fill(pair[0]);
    assertThat(s.poll(pair[0], OUT)).isEqualTo("nothing");
    int drained = 0;
    s.pollEntry(0, pair[0], OUT);
    while (s.pollResult(1, 0).equals("0")) {
      drained += s.read(pair[1], 1_024).length();
      s.pollEntry(0, pair[0], OUT);
    }
    assertThat(drained).isBetween(filled / 2, filled);
  }

  @Test
  void x3WritableEdgeAfterTheDrain() {
    int[] pair = s.unixPair();
    int ep = s.epoll();
    int filled = s.fill(pair[0]);
    s.add(ep, pair[0], IN | OUT | ET);
    assertThat(s.await(ep)).isEqualTo("nothing");
    assertThat(s.drain(pair[1])).isEqualTo(filled);
    assertThat(s.await(ep)).isEqualTo("OUT");
    assertThat(s.await(ep)).isEqualTo("nothing");
  }

  @Test
  void freshSocketHangsUp() {
    int fresh = s.unixSocket();
    assertThat(s.poll(fresh, ALL)).isEqualTo("OUT|HUP");
    assertThat(s.read(fresh, 9)).isEqualTo("EINVAL");
    assertThat(s.write(fresh, "x")).isEqualTo("ENOTCONN");
  }
}
