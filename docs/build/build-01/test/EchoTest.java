package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;

/// On the real kernel: this step only.
final class EchoTest {
  private static final int MILLIS_MAX = 10_000;

  private Kernel kernel;
  private Echo echo;
  private int port;

  @BeforeEach
  void start() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    kernel = Kernels.host();
    echo = new Echo(kernel, Address.loopback(port));
  }

  @AfterEach
  void stop() {
    echo.close();
    kernel.close();
  }

  /// What comes back to a client that sends some bytes, and then its end.
  private byte[] echoed(byte[] bytes) {
    CompletableFuture<byte[]> all = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> all.completeAsync(() -> talk(bytes), Runnable::run));
    long end = System.nanoTime() + MILLIS_MAX * 1_000_000L;
    while (!all.isDone() && System.nanoTime() < end) {
      echo.turn(10);
    }
    assertThat(all).as("the client's reading to the end").isCompleted();
    return all.join();
  }

  private byte[] talk(byte[] bytes) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread writer = Thread.ofPlatform().daemon().start(() -> write(socket, bytes));
      InputStream in = socket.getInputStream();
      byte[] back = in.readAllBytes();
      writer.interrupt();
      return back;
    } catch (IOException e) {
      return ("the connection failed: " + e.getMessage()).getBytes();
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
    } catch (IOException e) {
      // The reader will see it.
    }
  }

  @Test
  void aLineComesBack() {
    assertThat(new String(echoed("hello\n".getBytes()))).isEqualTo("hello\n");
  }

  @Test
  void aMegabyteComesBack() {
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    byte[] back = echoed(bytes);
    assertThat(back.length).as("bytes that came back").isEqualTo(bytes.length);
    assertThat(Arrays.equals(back, bytes)).as("they are the same").isTrue();
  }

  @Test
  void oneAfterTheOther() {
    for (int i = 0; i < 5; i++) {
      assertThat(new String(echoed(("number " + i).getBytes()))).isEqualTo("number " + i);
    }
  }

  @Test
  void silenceIsEchoed() {
    assertThat(echoed(new byte[0])).isEmpty();
  }
}
