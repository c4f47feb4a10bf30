package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.Channel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.behaviour.KernelUnderTest.Family;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.FileStatus;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;

/// Listening and accepting.
public abstract class ListenBehaviour extends TransportBehaviour {
  private static final long MILLI = 1_000_000L;

  private final List<Recorder> accepted = new ArrayList<>();

  protected ListenBehaviour(KernelUnderTest target, Backend backend) {
    super(target, backend);
  }

  private Channel.Handler welcome(Channel channel) {
    Recorder recorder = on.recorder().of(channel);
    accepted.add(recorder);
    return recorder;
  }

  private void connect(Transport.Listener listener, int peers) {
    for (int i = 0; i < peers; i++) {
      on.connect(listener.address());
    }
    on.kernel.settle();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule10AtMost64AreAcceptedInATurn(Family family) {
    Transport.Listener listener = on.listen(family, this::welcome);
    connect(listener, 300);
    for (int turn = 1; turn <= 4; turn++) {
      on.turn();
      assertThat(accepted).as("after turn %d", turn).hasSize(64 * turn);
    }
    on.until(() -> accepted.size() == 300);
    assertThat(on.transport.counts().accepted).isEqualTo(300);
    assertThat(on.transport.openCount()).isEqualTo(301);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule10WithoutDescriptorsTheListenerRests(Family family) {
    if (!sendsByCall()) {
      return;
    }
    on.kernel.freezeClock();
    Transport.Listener listener = on.listen(family, this::welcome);
    connect(listener, 3);
    on.kernel.faults().script("accept", Errno.EMFILE);
    on.until(() -> on.transport.counts().acceptsStarved == 1);
    on.rest();
    assertThat(accepted).isEmpty();
    on.kernel.advanceClock(90 * MILLI);
    on.rest();
    assertThat(accepted).isEmpty();
    on.kernel.faults().script("accept", Errno.ENFILE);
    on.kernel.advanceClock(20 * MILLI);
    on.until(() -> on.transport.counts().acceptsStarved == 2);
    on.rest();
    assertThat(accepted).isEmpty();
    on.kernel.advanceClock(110 * MILLI);
    on.until(() -> accepted.size() == 3);
  }

  @Test
  void rule10AClosedDescriptorWakesTheListener() {
    if (!sendsByCall()) {
      return;
    }
    Transport.Listener listener = on.listen(Family.TCP, this::welcome);
    connect(listener, 1);
    on.until(() -> accepted.size() == 1);
    connect(listener, 2);
    on.kernel.faults().script("accept", Errno.EMFILE);
    on.until(() -> on.transport.counts().acceptsStarved == 1);
    on.rest();
    accepted.getFirst().closeNow();
    on.until(() -> accepted.size() == 3);
  }

  @Test
  void rule10StarvedListenerCanBeClosed() {
    if (!sendsByCall()) {
      return;
    }
    Transport.Listener listener = on.listen(Family.TCP, this::welcome);
    connect(listener, 2);
    on.kernel.faults().script("accept", Errno.EMFILE);
    on.until(() -> on.transport.counts().acceptsStarved == 1);
    listener.close();
    listener.close();
    on.kernel.advanceClock(200 * MILLI);
    on.rest();
    assertThat(accepted).isEmpty();
  }

  @Test
  void rule10VanishedConnectionsAreSkippedAndCounted() {
    if (!sendsByCall()) {
      return;
    }
    Transport.Listener listener = on.listen(Family.TCP, this::welcome);
    Errno[] skipped = {
      Errno.ECONNABORTED,
      Errno.EPROTO,
      Errno.ENETDOWN,
      Errno.EHOSTUNREACH,
      Errno.EPERM,
      Errno.EOPNOTSUPP
    };
    on.kernel.faults().script("accept", skipped);
    on.kernel.faults().script("accept", Errno.EINTR);
    connect(listener, 2);
    on.until(() -> accepted.size() == 2);
    assertThat(on.transport.counts().acceptsSkipped).isEqualTo(skipped.length);
  }

  @Test
  void rule10ADescriptorThatIsNoListenerIsAnError() {
    if (!sendsByCall()) {
      return;
    }
    Transport.Listener listener = on.listen(Family.TCP, this::welcome);
    on.kernel.faults().script("accept", Errno.EINVAL);
    connect(listener, 1);
    assertThatThrownBy(() -> on.until(() -> false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Invalid argument");
    closeAndReopen();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void rule10PausedListenerLeavesConnectionsInTheBacklog(Family family) {
    Transport.Listener listener = on.listen(family, this::welcome);
    listener.pause();
    connect(listener, 5);
    on.rest();
    assertThat(accepted).isEmpty();
    listener.resume();
    on.until(() -> accepted.size() == 5);
  }

  @Test
  void rule10PauseInsideOnAcceptedStopsAtOnce() {
    Transport.Listener[] listener = new Transport.Listener[1];
    listener[0] =
        on.listen(
            Family.TCP,
            channel -> {
              listener[0].pause();
              return welcome(channel);
            });
    connect(listener[0], 3);
    for (int i = 1; i <= 3; i++) {
      int expected = i;
      on.until(() -> accepted.size() == expected);
      on.rest();
      assertThat(accepted).hasSize(i);
      listener[0].resume();
    }
  }

  @Test
  void rule10PausedAndStarvedListenerNeedsBothToEnd() {
    if (!sendsByCall()) {
      return;
    }
    Transport.Listener listener = on.listen(Family.TCP, this::welcome);
    connect(listener, 1);
    on.kernel.faults().script("accept", Errno.EMFILE);
    on.until(() -> on.transport.counts().acceptsStarved == 1);
    listener.pause();
    on.kernel.advanceClock(200 * MILLI);
    on.rest();
    assertThat(accepted).isEmpty();
    listener.resume();
    on.until(() -> accepted.size() == 1);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void nullHandlerClosesWithoutAByte(Family family) {
    Transport.Listener listener = on.listen(family, _ -> null);
    Peer peer = on.connect(listener.address());
    on.until(() -> peer.read().ended());
    assertThat(peer.receivedCount()).isZero();
  }

  @Test
  void bytesThatCameBeforeTheAcceptAreDelivered() {
    for (Family family : families()) {
      Transport.Listener listener = on.listen(family, this::welcome);
      Peer peer = on.connect(listener.address());
      on.kernel.settle();
      peer.write("early");
      peer.shutdownWrite();
      on.until(() -> !accepted.isEmpty() && accepted.getLast().ended());
      assertThat(accepted.getLast().events()).containsExactly("bytes 5", "end");
      accepted.clear();
    }
  }

  @Test
  void addressTellsTheChosenPort() {
    Transport.Listener listener = on.listen(Address.loopback(0), this::welcome);
    assertThat(((Address.Inet) listener.address()).port()).isPositive();
  }

  @Test
  void addressInUse() {
    Transport.Listener listener = on.listen(Family.TCP, this::welcome);
    assertThatThrownBy(
            () ->
                on.transport.listen(
                    listener.address(), Transport.ListenOptions.DEFAULT, this::welcome))
        .isInstanceOfSatisfying(
            Transport.ListenException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE))
        .hasMessageContaining("Address already in use");
  }

  /// An operator who asks for a shared port must not get a port of his own without a word.
  @Test
  void anOptionThatIsRefusedFailsTheStart() {
    if (!callsByTheSeam()) {
      return;
    }
    on.kernel.faults().script("setsockopt", Errno.ENOPROTOOPT);
    Address address = Address.loopback(0);
    Transport.ListenOptions options = Transport.ListenOptions.DEFAULT;
    assertThatThrownBy(() -> on.transport.listen(address, options, this::welcome))
        .isInstanceOfSatisfying(
            Transport.ListenException.class,
            e -> assertThat(e.errno()).isEqualTo(Errno.ENOPROTOOPT))
        .hasMessageContaining("setsockopt");
    assertThat(on.kernel.faults().left("setsockopt")).isZero();
  }

  @Test
  void unixPathThatIsTooLong() {
    assertThatThrownBy(
            () ->
                on.transport.listen(
                    new Address.Unix("/tmp/" + "x".repeat(200)),
                    Transport.ListenOptions.DEFAULT,
                    this::welcome))
        .isInstanceOf(Transport.ListenException.class)
        .hasMessageContaining("File name too long");
  }

  @Test
  void unixPathLeftBehindIsTakenOver() {
    Address address = on.address(Family.UNIX);
    SocketCalls plain = on.kernel.plainSockets();
    MemorySegment place = on.kernel.memory().map(Platform.SOCKADDR_MAX);
    int stale = plain.socket(Platform.AF_UNIX);
    int length = address.write(on.kernel.platform(), place, 0);
    assertThat(plain.bind(stale, place, 0, length)).isZero();
    plain.close(stale);
    on.kernel.memory().unmap(place);
    Transport.Listener second = on.listen(address, this::welcome);
    connect(second, 1);
    on.until(() -> accepted.size() == 1);
  }

  /// As in an overlapping restart: the name goes over to the new one, and the old one leaves it.
  @Test
  void unixPathIsRemovedByWhoHasItLast() {
    Address.Unix address = (Address.Unix) on.address(Family.UNIX);
    SocketCalls plain = on.kernel.plainSockets();
    var status = new FileStatus();
    Transport.Listener old = on.listen(address, this::welcome);
    Transport.Listener young = on.listen(address, this::welcome);
    old.close();
    on.rest();
    connect(young, 1);
    on.until(() -> accepted.size() == 1);
    assertThat(plain.lstat(address.path(), status)).isZero();
    young.close();
    assertThat(plain.lstat(address.path(), status)).isEqualTo(Errno.ENOENT.result());
  }

  @Test
  void listenerClosedInsideOnAccepted() {
    Transport.Listener[] listener = new Transport.Listener[1];
    listener[0] =
        on.listen(
            Family.TCP,
            channel -> {
              listener[0].close();
              return welcome(channel);
            });
    connect(listener[0], 3);
    on.until(() -> accepted.size() == 1);
    on.rest();
    assertThat(accepted).hasSize(1);
  }
}
