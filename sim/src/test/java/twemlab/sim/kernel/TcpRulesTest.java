package twemlab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.sim.kernel.Script.ALL;
import static twemlab.sim.kernel.Script.ET;
import static twemlab.sim.kernel.Script.IN;
import static twemlab.sim.kernel.Script.OUT;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Rules T1 to T9 and what reads and writes answer, on both kernels.
@ParameterizedClass
@EnumSource(Arm.class)
class TcpRulesTest {
  private final Script s;

  TcpRulesTest(Arm arm) {
    s = new Script(arm);
  }

  @AfterEach
  void close() {
    s.close();
  }

  @Test
  void t1ListenerIsReadableWhenAConnectionWaits() {
    int listener = s.listener(8);
    assertThat(s.poll(listener, ALL)).isEqualTo("nothing");
    assertThat(s.connect(s.socket(), s.name(listener))).isEqualTo("EINPROGRESS");
    assertThat(s.poll(listener, ALL)).isEqualTo("IN");
    s.accept(listener);
    assertThat(s.poll(listener, ALL)).isEqualTo("nothing");
  }

  @Test
  void t2FreshSocketHangsUp() {
    assertThat(s.poll(s.socket(), ALL)).isEqualTo("OUT|HUP");
  }

  @Test
  void t2BothSidesShut() {
    int[] pair = s.tcpPair();
    s.sockets.shutdown(pair[1], 1);
    s.sockets.shutdown(pair[0], 1);
    s.settle();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|HUP|RDHUP");
    assertThat(s.read(pair[0], 9)).isEmpty();
  }

  @Test
  void t3PeerFinIsReadableWithoutHangUp() {
    int[] pair = s.tcpPair();
    s.sockets.shutdown(pair[1], 1);
    s.settle();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|RDHUP");
    assertThat(s.read(pair[0], 9)).isEmpty();
    assertThat(s.write(pair[0], "x")).isEqualTo("1");
  }

  @Test
  void t3OwnShutdownOfReading() {
    int[] pair = s.tcpPair();
    s.sockets.shutdown(pair[0], 0);
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|RDHUP");
    assertThat(s.read(pair[0], 9)).isEmpty();
  }

  @Test
  void t4ConnectBecomesWritable() {
    int listener = s.listener(8);
    int client = s.socket();
    assertThat(s.connect(client, s.name(listener))).isEqualTo("EINPROGRESS");
    assertThat(s.poll(client, ALL)).isEqualTo("OUT");
    assertThat(s.error(client)).isEqualTo("none");
    assertThat(s.connect(client, s.name(listener))).isIn("0", "EISCONN");
  }

  @Test
  void t5IdleThenReadable() {
    int[] pair = s.tcpPair();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("OUT");
    assertThat(s.read(pair[0], 9)).isEqualTo("EAGAIN");
    s.write(pair[1], "abc");
    s.settle();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT");
    assertThat(s.read(pair[0], 2)).isEqualTo("ab");
    assertThat(s.read(pair[0], 2)).isEqualTo("c");
    assertThat(s.poll(pair[0], ALL)).isEqualTo("OUT");
  }

  @Test
  void t6FullBufferIsNotWritable() {
    int[] pair = s.tcpPair(8_192, 8_192);
    assertThat(s.fill(pair[0])).isPositive();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("nothing");
    assertThat(s.drain(pair[1])).isPositive();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("OUT");
  }

  @Test
  void t7OwnShutdownOfWritingIsWritable() {
    int[] pair = s.tcpPair();
    s.sockets.shutdown(pair[0], 1);
    assertThat(s.poll(pair[0], ALL)).isEqualTo("OUT");
    assertThat(s.write(pair[0], "x")).isEqualTo("EPIPE");
  }

  @Test
  void t8ResetShowsEverythingAndErrorClears() {
    int[] pair = s.tcpPair();
    s.reset(pair[1], pair[0]);
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|ERR|HUP|RDHUP");
    assertThat(s.error(pair[0])).isEqualTo("ECONNRESET");
    assertThat(s.error(pair[0])).isEqualTo("none");
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|HUP|RDHUP");
  }

  @Test
  void t8RefusedConnect() {
    int client = s.socket();
    assertThat(s.connect(client, s.nobody())).isEqualTo("EINPROGRESS");
    assertThat(s.poll(client, ALL)).isEqualTo("IN|OUT|ERR|HUP|RDHUP");
    assertThat(s.error(client)).isEqualTo("ECONNREFUSED");
  }

  @Test
  void t8ReadReportsTheResetOnce() {
    int[] pair = s.tcpPair();
    s.reset(pair[1], pair[0]);
    assertThat(s.read(pair[0], 9)).isEqualTo("ECONNRESET");
    assertThat(s.read(pair[0], 9)).isEmpty();
    assertThat(s.write(pair[0], "x")).isEqualTo("EPIPE");
  }

  @Test
  void t8WriteReportsTheResetOnce() {
    int[] pair = s.tcpPair();
    s.reset(pair[1], pair[0]);
    assertThat(s.write(pair[0], "x")).isEqualTo("ECONNRESET");
    assertThat(s.write(pair[0], "x")).isEqualTo("EPIPE");
  }

  @Test
  void t8BytesBeforeTheResetCanBeRead() {
    int[] pair = s.tcpPair();
    s.write(pair[1], "last words");
    s.settle();
    s.reset(pair[1], pair[0]);
    assertThat(s.read(pair[0], 99)).isEqualTo("last words");
    assertThat(s.read(pair[0], 99)).isEqualTo("ECONNRESET");
  }

  @Test
  void t8WritingToAPeerThatClosed() {
    int[] pair = s.tcpPair();
    s.close(pair[1]);
    s.settle();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|RDHUP");
    assertThat(s.write(pair[0], "x")).isEqualTo("1");
    s.settle();
    assertThat(s.poll(pair[0], ALL)).isEqualTo("IN|OUT|ERR|HUP|RDHUP");
    assertThat(s.error(pair[0])).isEqualTo("EPIPE");
    assertThat(s.write(pair[0], "x")).isEqualTo("EPIPE");
    assertThat(s.read(pair[0], 9)).isEmpty();
  }

  @Test
  void t9WritableEdgeComesAfterAShortWriteOnly() {
    int[] pair = s.tcpPair(16_384, 65_536);
    int ep = s.epoll();
    s.add(ep, pair[0], OUT | ET);
    assertThat(s.await(ep)).isEqualTo("OUT");
    assertThat(s.write(pair[0], "all of it is taken")).isEqualTo("18");
    s.settle();
    assertThat(s.drain(pair[1])).isEqualTo(18);
    assertThat(s.await(ep)).isEqualTo("nothing");
  }

  @Test
  void w1PartialWriteArmsTheEdge() {
    int[] pair = s.tcpPair(8_192, 8_192);
    int ep = s.epoll();
    s.add(ep, pair[0], IN | OUT | ET);
    assertThat(s.await(ep)).isEqualTo("OUT");
    int taken = s.writeMuch(pair[0]);
    assertThat(taken).isBetween(1, (1 << 17) - 1);
    s.settle();
    String before = s.await(ep); // the peer's buffer may have made enough room already
    assertThat(s.drain(pair[1])).isEqualTo(taken);
    assertThat(List.of(before, s.await(ep))).containsOnlyOnce("OUT");
  }

  @Test
  void w1EdgeAfterEagainAndDrain() {
    int[] pair = s.tcpPair(8_192, 8_192);
    int ep = s.epoll();
    int filled = s.fill(pair[0]);
    s.add(ep, pair[0], IN | OUT | ET);
    assertThat(s.await(ep)).isEqualTo("nothing");
    assertThat(s.drain(pair[1])).isEqualTo(filled);
    assertThat(s.await(ep)).isEqualTo("OUT");
    assertThat(s.await(ep)).isEqualTo("nothing");
  }

  @Test
  void namesOfBothEnds() {
    int[] pair = s.tcpPair();
    assertThat(s.peerName(pair[0])).isEqualTo(s.name(pair[1]));
    assertThat(s.peerName(pair[1])).isEqualTo(s.name(pair[0]));
    assertThat(Script.text(s.sockets.getpeername(s.socket(), s.memory, 0))).isEqualTo("ENOTCONN");
  }

  @Test
  void callsOnWrongDescriptors() {
    int fresh = s.socket();
    assertThat(s.read(fresh, 9)).isEqualTo("ENOTCONN");
    assertThat(s.write(fresh, "x")).isEqualTo("EPIPE");
    assertThat(Script.text(s.sockets.accept(fresh))).isEqualTo("EINVAL");
    assertThat(Script.text(s.sockets.shutdown(fresh, 1))).isEqualTo("ENOTCONN");
    assertThat(s.close(9_999)).isEqualTo("EBADF");
    assertThat(s.read(9_999, 9)).isEqualTo("EBADF");
    int file = s.opened(s.system.openRegularFile());
    assertThat(Script.text(s.sockets.accept(file))).isEqualTo("ENOTSOCK");
  }

  @Test
  void takenAddress() {
    int listener = s.listener(8);
    assertThat(s.bind(s.socket(), s.name(listener))).isEqualTo("EADDRINUSE");
    assertThat(s.bind(listener, s.name(listener))).isEqualTo("EINVAL");
    assertThat(s.connect(listener, s.name(listener))).isEqualTo("EISCONN");
    assertThat(Script.text(s.sockets.accept(listener))).isEqualTo("EAGAIN");
  }
}
