package twemlab.event.testing;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import twemlab.event.Channel;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.Errno;
import twemlab.event.nio.NioCalls;

/// The calls on java.nio with the books, the faults and the waits of an [AuditedKernel]. What they
/// open is entered under numbers that no descriptor of the system has.
public final class AuditedNioCalls extends NioCalls {
  private static final int FIRST_NUMBER = 1_000_000;

  private final AuditedKernel kernel;
  private final Map<Closeable, Integer> numbers = new HashMap<>();
  private Selector selector;
  private int next = FIRST_NUMBER;

  public AuditedNioCalls(AuditedKernel kernel) {
    super(new CallCounts());
    this.kernel = kernel;
  }

  private <T extends Closeable> T opened(String call, T channel) {
    if (channel != null) {
      numbers.put(channel, kernel.opened(call, next++));
    }
    return channel;
  }

  /// Faults of the calls that throw go through the table of exceptions like real ones.
  private static void fail(Integer fault) throws IOException {
    if (fault != null) {
      throw new IOException(Errno.of(fault).text());
    }
  }

  @Override
  public Selector openSelector() throws IOException {
    selector = opened("selector", super.openSelector());
    return selector;
  }

  @Override
  public int select(Selector from, Consumer<SelectionKey> ready, int timeoutMillis) {
    Integer fault = kernel.faults().answer("wait");
    int millis = kernel.timeout(timeoutMillis);
    int result = kernel.waited(fault != null ? fault : super.select(from, ready, millis));
    if (fault == null) {
      // A wait that was woken has read the byte.
      kernel.reading();
    }
    return result;
  }

  @Override
  public void wakeup(Selector of) {
    kernel.wrote(-1);
    super.wakeup(of);
  }

  @Override
  public SocketChannel open(Address address) throws IOException {
    fail(kernel.faults().scripted("socket"));
    return opened("socket", super.open(address));
  }

  @Override
  public ServerSocketChannel openServer(Address address) throws IOException {
    return opened("socket", super.openServer(address));
  }

  @Override
  public SocketChannel accept(ServerSocketChannel server) throws IOException {
    fail(kernel.faults().answer("accept"));
    return opened("accept", super.accept(server));
  }

  @Override
  public int read(SocketChannel socket, ByteBuffer buffer) {
    if (!buffer.hasRemaining()) {
      throw new AssertionError("a read of no bytes");
    }
    Integer fault = kernel.faults().answer("read");
    return fault != null ? fault : super.read(socket, buffer);
  }

  @Override
  public int write(SocketChannel socket, ByteBuffer buffer) {
    kernel.wrote(((Channel) socket.keyFor(selector).attachment()).descriptor());
    Integer fault = kernel.faults().answer("write");
    return fault != null ? fault : super.write(socket, buffer);
  }

  @Override
  public int close(Closeable channel) {
    kernel.closing(numbers.remove(channel));
    return super.close(channel);
  }
}
