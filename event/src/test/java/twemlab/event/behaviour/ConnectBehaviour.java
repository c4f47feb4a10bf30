package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.Channel;
import twemlab.event.backend.Backend;
import twemlab.event.behaviour.KernelUnderTest.Family;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;

/// Connections that the transport makes.
public abstract class ConnectBehaviour extends TransportBehaviour {
  protected ConnectBehaviour(KernelUnderTest target, Backend backend) {
    super(target, backend);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule1ConnectIsNeverToldInsideConnect(Family family) {
    Recorder recorder = on.recorder();
    Peer peer = on.connected(family, recorder).peer();
    assertThat(recorder.events()).containsExactly("connected");
    assertThat(recorder.channel().open()).isTrue();
    peer.write("hello");
    on.until(() -> recorder.text().equals("hello"));
  }

  @Test
  void rule1ConnectThatSucceedsAtOnceIsToldInTheSameTurn() {
    Address address = on.address(Family.UNIX);
    on.listening(address, 16);
    Recorder recorder = on.recorder();
    on.loop.post(() -> recorder.of(on.transport.connect(address, recorder)));
    on.turn();
    assertThat(recorder.events()).containsExactly("connected");
  }

  @Test
  void rule1ConnectThatFailsAtOnceIsToldInTheSameTurn() {
    Recorder recorder = on.recorder();
    Address missing = on.address(Family.UNIX);
    on.loop.post(() -> recorder.of(on.transport.connect(missing, recorder)));
    on.turn();
    assertThat(recorder.events()).containsExactly("closed ENOENT");
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule1BytesQueuedWhileConnectingAreSentBehindTheConnect(Family family) {
    Address address = on.address(family);
    Peer listener = on.listening(address, 16);
    Recorder recorder = on.recorder().atConnected(channel -> on.send(channel, "second "));
    recorder.of(on.transport.connect(on.bound(listener, address), recorder));
    on.send(recorder.channel(), "first ");
    assertThat(recorder.channel().pendingBytes()).isEqualTo(6);
    Peer peer = on.accept(listener);
    on.until(() -> peer.read().receivedCount() == 13);
    assertThat(peer.text()).isEqualTo("first second ");
    assertThat(recorder.channel().acceptedBytes()).isEqualTo(13);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule5ShutdownAskedWhileConnectingIsDone(Family family) {
    Address address = on.address(family);
    Peer listener = on.listening(address, 16);
    Recorder recorder = on.recorder();
    recorder.of(on.transport.connect(on.bound(listener, address), recorder));
    recorder.channel().shutdownWrite();
    Peer peer = on.accept(listener);
    on.until(() -> peer.read().ended());
    peer.write("still heard");
    on.until(() -> recorder.text().equals("still heard"));
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule11RefusedConnectIsClosedOnce(Family family) {
    Address address = on.address(family);
    Peer listener = on.listening(address, 16);
    Address refused = on.bound(listener, address);
    listener.close();
    Recorder recorder = on.recorder();
    recorder.of(on.transport.connect(refused, recorder));
    on.send(recorder.channel(), "never sent");
    on.until(() -> recorder.errno() != null);
    assertThat(recorder.events()).containsExactly("closed ECONNREFUSED");
    assertThat(on.transport.openCount()).isZero();
  }

  @Test
  void rule11UnixPathsThatCannotBeConnectedTo() {
    Recorder missing = on.recorder();
    missing.of(on.transport.connect(on.address(Family.UNIX), missing));
    Recorder tooLong = on.recorder();
    tooLong.of(on.transport.connect(new Address.Unix("/tmp/" + "x".repeat(200)), tooLong));
    on.turn();
    assertThat(missing.errno()).isEqualTo(Errno.ENOENT);
    assertThat(tooLong.errno()).isEqualTo(Errno.ENAMETOOLONG);
  }

  @Test
  void rule11NoDescriptorLeft() {
    on.kernel.faults().script("socket", Errno.EMFILE);
    Recorder recorder = on.recorder();
    recorder.of(on.transport.connect(Address.loopback(1), recorder));
    on.turn();
    assertThat(recorder.events()).containsExactly("closed EMFILE");
  }

  @Test
  void ruleX2FullBacklogOfAUnixSocketIsAnError() {
    Address address = on.address(Family.UNIX);
    on.listening(address, 1);
    List<Recorder> recorders = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Recorder recorder = on.recorder();
      recorders.add(recorder.of(on.transport.connect(address, recorder)));
    }
    on.turn();
    assertThat(recorders).anyMatch(recorder -> recorder.errno() == Errno.EAGAIN);
    assertThat(recorders).allMatch(r -> r.connected() || r.errno() == Errno.EAGAIN);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule6CloseBeforeTheOutcomeIsSilent(Family family) {
    Address address = on.address(family);
    Peer listener = on.listening(address, 16);
    Address known = on.bound(listener, address);
    for (boolean drained : List.of(true, false)) {
      Recorder recorder = on.recorder();
      recorder.of(on.transport.connect(known, recorder));
      on.send(recorder.channel(), "dropped");
      if (drained) {
        recorder.closeDrained();
      } else {
        recorder.closeNow();
      }
      assertThat(recorder.channel().open()).isFalse();
    }
    Recorder failing = on.recorder();
    failing.of(on.transport.connect(new Address.Unix(target().unixPath()), failing));
    failing.closeNow();
    on.rest();
  }

  @Test
  void rule6CloseInsideOnConnected() {
    for (Family family : families()) {
      Recorder recorder = on.recorder();
      recorder.atConnected(_ -> recorder.closeNow());
      Peer peer = on.connected(family, recorder).peer();
      on.until(() -> peer.read().ended());
    }
  }

  @Test
  void interruptedCallsAreMadeAgain() {
    on.kernel.faults().interrupt(true);
    for (Family family : families()) {
      Recorder recorder = on.recorder().taking(this::echo);
      Peer peer = on.connected(family, recorder).peer();
      peer.write("interrupted");
      on.until(() -> peer.read().text().equals("interrupted"));
    }
    assertThat(on.kernel.faults().interruptions()).isGreaterThanOrEqualTo(6);
    on.kernel.faults().interrupt(false);
  }

  private int echo(Channel channel, Mbuf mbuf, int from, int to) {
    mbuf.retain();
    channel.send(mbuf, from, to);
    return to;
  }

  @Test
  void closeOfTheTransportWithAnOwedFailure() {
    Recorder recorder = on.recorder();
    recorder.of(on.transport.connect(on.address(Family.UNIX), recorder));
    closeAndReopen();
  }
}
