package twemlab.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;

/// The end of a process whose loop cannot go on: in order, and said why.
class LastWordsTest {
  @TempDir private Path directory;

  private final int port = RealServer.freePort();

  private ChildProxy start(String failure, String... options) throws Exception {
    String pools =
        redisPool(List.of(1), "listen: 127.0.0.1:" + port)
            + redisPool(List.of(1), "listen: " + directory.resolve("socket"))
                .replace("redis:\n", "unix:\n");
    return ChildProxy.run(
        FailingProxy.class, directory, "export FAILURE=" + failure + ";", pools, options);
  }

  /// The first exception costs a client; the loop's own costs the process.
  @ParameterizedTest
  @CsvSource({
    "memory, java.lang.OutOfMemoryError: Java heap space",
    "check, java.lang.IllegalStateException: a message was released twice",
    "index, java.lang.IndexOutOfBoundsException: in the loop itself"
  })
  void theReasonIsTheLastLine(String failure, String reason) throws Exception {
    try (var child = start(failure).awaitListening(port);
        var client = RawClient.connect(port)) {
      assertThat(directory.resolve("socket")).exists();
      client.send(resp("TIME"));
      assertThat(client.readToEnd()).isEmpty();
      wake();
      assertThat(child.exitCode()).isEqualTo(1);
      checkLog(child, reason);
      assertThat(child.output()).isEqualTo("nutcracker ends: " + reason + "\n");
    }
  }

  /// The loop looks at its clock when it wakes.
  private void wake() {
    RawClient.connect(port).close();
  }

  private void checkLog(ChildProxy child, String reason) {
    List<String> lines = child.log().lines().toList();
    assertThat(lines.getLast()).endsWith("nutcracker ends: " + reason);
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).endsWith("the proxy fails: " + reason))
        .anySatisfy(line -> assertThat(line).contains("    at ").contains("EventLoop.runOnce"));
    assertThat(child.pidFile()).doesNotExist();
    assertThat(directory.resolve("socket")).doesNotExist();
  }

  @Test
  void aDaemonsTooThoughNobodyListens() throws Exception {
    try (var child = start("check", "-d")) {
      assertThat(child.exitCode()).as(child.output() + child.log()).isZero();
      ProcessHandle daemon = child.daemon().orElseThrow();
      try (var client = RawClient.connect(port)) {
        client.send(resp("TIME"));
        assertThat(client.readToEnd()).isEmpty();
      }
      wake();
      ProxyUnderTest.await("its end", () -> !daemon.isAlive());
      checkLog(child, "java.lang.IllegalStateException: a message was released twice");
    }
  }
}
