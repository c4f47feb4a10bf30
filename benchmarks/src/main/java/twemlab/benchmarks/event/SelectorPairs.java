package twemlab.benchmarks.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Unix sockets of the JDK and its selector (on Linux: epoll, level-triggered).
final class SelectorPairs implements Pairs.Watched {
  private final ByteBuffer sent = ByteBuffer.allocateDirect(1).put(0, (byte) 'p');
  private final ByteBuffer received = ByteBuffer.allocateDirect(64);
  private final Consumer<SelectionKey> onReady = this::onReady;
  private final Selector selector;
  private final SocketChannel[] senders;
  private final SocketChannel[] receivers;
  private final Integer[] numbers;
  private final Receiver receiver;

  SelectorPairs(int pairs, Receiver receiver) {
    this.receiver = receiver;
    senders = new SocketChannel[pairs];
    receivers = new SocketChannel[pairs];
    numbers = new Integer[pairs];
    try (SocketFile file = new SocketFile();
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      var address = UnixDomainSocketAddress.of(Path.of(file.path()));
      listener.bind(address);
      selector = Selector.open();
      for (int i = 0; i < pairs; i++) {
        numbers[i] = i;
        senders[i] = SocketChannel.open(address);
        receivers[i] = listener.accept();
        senders[i].configureBlocking(false);
        receivers[i].configureBlocking(false);
        register(i);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(int pair) {
    try {
      sent.clear();
      senders[pair].write(sent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int turn() {
    try {
      return selector.selectNow(onReady);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void onReady(SelectionKey key) {
    int pair = (Integer) key.attachment();
    received.clear();
    try {
      receivers[pair].read(received);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int bytes = received.position(); bytes > 0; bytes--) {
      receiver.received(pair);
    }
  }

  @Override
  public void register(int pair) {
    try {
      receivers[pair].register(selector, SelectionKey.OP_READ, numbers[pair]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void unregister(int pair) {
    receivers[pair].keyFor(selector).cancel();
  }

  /// A cancelled key is forgotten at the next selection, and not before.
  @Override
  public void unregistered() {
    turn();
  }

  @Override
  public void wantOutput(int pair, boolean on) {
    SelectionKey key = receivers[pair].keyFor(selector);
    if (on) {
      key.interestOpsOr(SelectionKey.OP_WRITE);
    } else {
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
    }
  }

  @Override
  public Timeouts timeouts(int pairs) {
    throw new UnsupportedOperationException("java.nio has no timers");
  }

  @Override
  public long controlCalls() {
    return -1;
  }

  @Override
  public long systemCalls() {
    return -1;
  }

  @Override
  public void close() {
    try {
      selector.close();
      for (int i = 0; i < senders.length; i++) {
        senders[i].close();
        receivers[i].close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
