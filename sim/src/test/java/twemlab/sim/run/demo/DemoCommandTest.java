package twemlab.sim.run.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.proxy.tool.Launch;
import twemlab.sim.model.ReplySink;
import twemlab.sim.model.ServerModel;
import twemlab.sim.workload.WireProtocol;

@Timeout(60)
final class DemoCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Launch.run(
        new DemoCommand(), new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void everyReplyIsRightAndTheTableHasItsRows() throws IOException {
    int code = run("--once", "--requests", "1500", "--port-base", Integer.toString(freeBase()));
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("1,500 requests", "redis-1", "redis-3", "memcached-1", "memcached-3")
        .contains("events per turn", "system calls per request", "p99.9");
  }

  /// Each of the three ports is one that somebody else may have.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 101})
  void aPortInUseIsOneLineThatNamesItAndTheWayOut(int offset) throws IOException {
    int base = freeBase();
    try (ServerSocket _ = listen(base + offset)) {
      assertThat(run("--once", "--requests", "10", "--port-base", Integer.toString(base)))
          .isEqualTo(1);
    }
    assertThat(err.toString())
        .hasLineCount(1)
        .startsWith("twemlab demo: cannot ")
        .contains("127.0.0.1:" + (base + offset), "in use", "--port-base");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65435", "-5", "many"})
  void aBaseThatLeavesNoRoomIsWrongUsage(String base) {
    assertThat(run("--once", "--port-base", base)).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains("--port-base");
  }

  /// The demo's check is worth something only if it can fail.
  @Test
  void aLyingServerIsFoundOut() throws Transport.ListenException, InterruptedException {
    ServerModel liar = Liar::new;
    try (ModelServers servers = ModelServers.start(List.of(liar))) {
      Address address = servers.addresses().getFirst();
      try (var traffic = DemoTraffic.start(Map.of(WireProtocol.REDIS, address), 1, 50)) {
        while (traffic.running()) {
          Thread.sleep(5);
        }
        Tally tally = traffic.tally(WireProtocol.REDIS);
        assertThat(tally.wrong).isPositive();
        assertThat(tally.firstWrong).contains("+LIE");
      }
    }
  }

  @Test
  void aServerThatHangsUpIsAFailureAndNotAWait()
      throws Transport.ListenException, InterruptedException {
    ServerModel deserter = () -> new Liar(true);
    try (ModelServers servers = ModelServers.start(List.of(deserter))) {
      Address address = servers.addresses().getFirst();
      try (var traffic = DemoTraffic.start(Map.of(WireProtocol.REDIS, address), 3, 500)) {
        while (traffic.running()) {
          Thread.sleep(5);
        }
        assertThat(traffic.tally(WireProtocol.REDIS).wrong).isGreaterThanOrEqualTo(3);
      }
    }
  }

  /// Answers every command of RESP with the same simple string.
  private static final class Liar implements ServerModel.Session {
    private static final byte[] LIE = "+LIE\r\n".getBytes(StandardCharsets.US_ASCII);

    private final boolean deserts;
    private boolean closed;

    Liar() {
      this(false);
    }

    Liar(boolean deserts) {
      this.deserts = deserts;
    }

    @Override
    public void receive(byte[] bytes, int from, int to, ReplySink out, long nowMillis) {
      closed = deserts;
      for (int i = from; i < to && !deserts; i++) {
        if (bytes[i] == '*') {
          out.write(LIE, 0, LIE.length);
        }
      }
    }

    @Override
    public boolean closed() {
      return closed;
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"));
  }

  /// A port base with all three ports free a moment ago.
  private static int freeBase() throws IOException {
    while (true) {
      try (ServerSocket first = listen(0)) {
        int base = first.getLocalPort();
        if (base + 101 > 65535) {
          continue;
        }
        try (ServerSocket _ = listen(base + 1);
            ServerSocket _ = listen(base + 101)) {
          return base;
        } catch (IOException _) {
          // Somebody has one of them; try other ports.
        }
      }
    }
  }
}
