package twemlab.event.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.event.Channel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.behaviour.KernelUnderTest.Family;
import twemlab.event.behaviour.LoopFixture.Pair;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;

/// An exception that leaves a handler costs its connection, or the loop; what the connection held
/// is given back.
public abstract class ContainmentBehaviour extends TransportBehaviour {
  private final List<String> broken = new ArrayList<>();

  protected ContainmentBehaviour(KernelUnderTest target, Backend backend) {
    super(target, backend);
  }

  enum Upcall {
    CONNECTED,
    BYTES,
    WRITABLE,
    END,
    CLOSED
  }

  /// Throws at one upcall.
  private final class Thrower implements Channel.Handler {
    private final Upcall upcall;
    private final RuntimeException failure;

    Thrower(Upcall upcall, RuntimeException failure) {
      this.upcall = upcall;
      this.failure = failure;
    }

    private void at(Upcall now) {
      if (!broken.isEmpty()) {
        broken.add("told " + now);
      }
      if (now == upcall) {
        throw failure;
      }
    }

    @Override
    public void onConnected(Channel channel) {
      at(Upcall.CONNECTED);
    }

    @Override
    public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
      mbuf.retain();
      channel.send(mbuf, from, to);
      at(Upcall.BYTES);
      return to;
    }

    @Override
    public void onWritable(Channel channel) {
      at(Upcall.WRITABLE);
    }

    @Override
    public void onEnd(Channel channel) {
      at(Upcall.END);
    }

    @Override
    public void onClosed(Channel channel, Errno errno) {
      at(Upcall.CLOSED);
    }

    @Override
    public void onBroken(Channel channel, RuntimeException cause) {
      assertThat(channel.open()).isFalse();
      broken.add(cause.getMessage());
    }
  }

  /// A connection whose handler throws, and its peer.
  private Peer provoked(Upcall upcall, RuntimeException failure) {
    var thrower = new Thrower(upcall, failure);
    if (upcall == Upcall.CONNECTED) {
      Address address = on.address(Family.TCP);
      Peer listener = on.listening(address, 16);
      on.transport.connect(on.bound(listener, address), thrower);
      return listener;
    }
    Channel[] accepted = new Channel[1];
    Transport.Listener listener =
        on.listen(
            Family.TCP,
            channel -> {
              accepted[0] = channel;
              return thrower;
            });
    Peer peer = on.connect(listener.address());
    on.until(() -> accepted[0] != null);
    listener.close();
    switch (upcall) {
      case BYTES -> peer.write("x");
      case END -> peer.shutdownWrite();
      case WRITABLE -> on.send(accepted[0], LoopFixture.pattern(300_000));
      default -> {
        // Closed with unread bytes, it answers with a reset.
        on.send(accepted[0], "unread");
        on.rest();
        peer.close();
      }
    }
    return peer;
  }

  @ParameterizedTest
  @EnumSource(Upcall.class)
  void exceptionCostsTheConnectionAndNoOther(Upcall upcall) {
    Pair innocent = on.accepted(Family.TCP);
    Peer peer = provoked(upcall, new IndexOutOfBoundsException("index"));
    on.until(
        () -> {
          if (upcall == Upcall.WRITABLE) {
            peer.read();
          }
          return !broken.isEmpty();
        });
    on.rest();
    assertThat(broken).containsExactly("index");
    assertThat(on.transport.openCount()).isEqualTo(1);
    assertThat(on.transport.counts().broken).isEqualTo(1);
    assertThat(on.mbufsInUse()).isZero();
    innocent.peer().write("still here");
    on.until(() -> innocent.recorder().text().equals("still here"));
  }

  @ParameterizedTest
  @EnumSource(Upcall.class)
  void failedCheckEndsTheLoop(Upcall upcall) {
    Peer peer = provoked(upcall, new IllegalStateException("a check"));
    assertThatThrownBy(
            () ->
                on.until(
                    () -> {
                      if (upcall == Upcall.WRITABLE) {
                        peer.read();
                      }
                      return false;
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a check");
    assertThat(broken).isEmpty();
    closeAndReopen();
  }

  @Test
  void handlerThatSaysNothingAboutItEndsTheLoop() {
    Recorder recorder = on.recorder();
    recorder.taking(
        (_, _, _, _) -> {
          throw new IndexOutOfBoundsException("index");
        });
    Pair pair = on.accepted(Family.TCP, recorder);
    pair.peer().write("x");
    assertThatThrownBy(() -> on.until(() -> false)).isInstanceOf(IndexOutOfBoundsException.class);
    closeAndReopen();
  }

  @Test
  void acceptorsExceptionCostsTheNewConnection() {
    Transport.Listener listener =
        on.listen(
            Family.TCP,
            new Transport.Acceptor() {
              @Override
              public Channel.Handler onAccepted(Channel channel) {
                if (broken.isEmpty()) {
                  throw new IndexOutOfBoundsException("index");
                }
                return on.recorder();
              }

              @Override
              public void onBroken(Channel channel, RuntimeException failure) {
                broken.add(failure.getMessage());
              }
            });
    Peer first = on.connect(listener.address());
    on.until(() -> first.read().ended() || first.error() != null);
    assertThat(broken).containsExactly("index");
    on.connect(listener.address());
    on.until(() -> on.transport.openCount() == 2);
    listener.close();
  }
}
