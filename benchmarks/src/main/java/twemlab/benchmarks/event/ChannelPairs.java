package twemlab.benchmarks.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.Channel;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;

/// Channels of a [Transport] of this project, connected through a unix socket; both ends of each
/// pair belong to one loop, as the connections of the proxy do.
final class ChannelPairs implements Pairs {
  private static final int MBUF_BYTES = 16 << 10;
  private static final int PATIENCE = 10_000;

  private final Kernel kernel;
  private final MbufPool mbufs;
  private final EventLoop loop;
  private final Mbuf one;
  private final Channel[] senders;
  private final List<Channel> receivers = new ArrayList<>();
  private final Receiver receiver;

  ChannelPairs(Backend backend, int pairs, Receiver receiver) {
    this.receiver = receiver;
    kernel = Kernels.host(backend);
    mbufs = new MbufPool(kernel.memory(), MBUF_BYTES);
    var timers = new TimerWheel(kernel.clock().monotonicNanos());
    Transport transport = backend.open(kernel, Base.BATCH, mbufs, timers);
    loop = new EventLoop(kernel.clock(), transport, timers, 0);
    one = mbufs.take();
    one.segment().set(JAVA_BYTE, one.base(), (byte) 'p');
    one.advance(1);
    senders = new Channel[pairs];
    try (SocketFile file = new SocketFile()) {
      Address address = new Address.Unix(file.path());
      var listener = transport.listen(address, Transport.ListenOptions.DEFAULT, this::accepted);
      for (int i = 0; i < pairs; i++) {
        senders[i] = transport.connect(address, new End(-1));
        for (int turns = 0; receivers.size() <= i; turns++) {
          if (turns == PATIENCE) {
            throw new IllegalStateException("connection " + i + " was not accepted");
          }
          loop.runOnce(1);
        }
      }
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Transport.ListenException e) {
      throw new IllegalStateException(e);
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  private Channel.Handler accepted(Channel channel) {
    receivers.add(channel);
    return new End(receivers.size() - 1);
  }

  /// The handler of an end.
  private final class End implements Channel.Handler {
    private final int pair;

    private End(int pair) {
      this.pair = pair;
    }

    @Override
    public void onConnected(Channel channel) {}

    @Override
    public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
      for (int i = from; i < to; i++) {
        receiver.received(pair);
      }
      return to;
    }

    @Override
    public void onWritable(Channel channel) {}

    @Override
    public void onEnd(Channel channel) {}

    @Override
    public void onClosed(Channel channel, Errno errno) {
      throw new IllegalStateException("a connection of the benchmark failed: " + errno.text());
    }
  }

  @Override
  public void send(int pair) {
    one.retain();
    senders[pair].send(one, 0, 1);
  }

  @Override
  public int turn() {
    return loop.runOnce(0);
  }

  /// Those of `java.nio` do not pass the seam, whatever its counter says.
  @Override
  public long systemCalls() {
    return kernel.epoll().isPresent() ? kernel.counts().total() : -1;
  }

  @Override
  public void close() {
    one.release();
    loop.close();
    mbufs.close();
    kernel.close();
  }
}
