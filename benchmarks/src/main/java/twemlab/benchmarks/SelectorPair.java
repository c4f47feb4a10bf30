package twemlab.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Two connected unix stream sockets of the JDK and its selector.
final class SelectorPair implements OneByte {
  private final ByteBuffer sent = ByteBuffer.allocateDirect(1);
  private final ByteBuffer received = ByteBuffer.allocateDirect(4);
  private final Consumer<SelectionKey> onReady = this::onReady;
  private final Selector selector;
  private final SocketChannel sender;
  private final SocketChannel receiver;

  SelectorPair() {
    try {
      Path directory = Files.createTempDirectory("twemlab-bench");
      Path path = directory.resolve("socket");
      var address = UnixDomainSocketAddress.of(path);
      try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        listener.bind(address);
        sender = SocketChannel.open(address);
        receiver = listener.accept();
      } finally {
        Files.deleteIfExists(path);
        Files.delete(directory);
      }
      selector = Selector.open();
      sender.configureBlocking(false);
      receiver.configureBlocking(false);
      receiver.register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int ping() {
    try {
      received.clear();
      sent.clear();
      sent.put(0, (byte) 'p');
      sender.write(sent);
      while (received.position() == 0) {
        selector.select(onReady);
      }
      return received.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void onReady(SelectionKey key) {
    try {
      receiver.read(received);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long systemCalls() {
    return -1;
  }

  @Override
  public void close() {
    try {
      selector.close();
      sender.close();
      receiver.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
