package twemlab.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.ScriptedServer;

/// `--trace`: what a serving proxy asks of the kernel of this machine.
class ProxyTraceTest {
  @TempDir private Path directory;

  private final int port = RealServer.freePort();

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "poll"})
  void theCallsOfARequestAreWritten(String backend) throws Exception {
    Path file = directory.resolve("trace.jsonl");
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.request();
                  peer.send("$3\r\nbar\r\n");
                });
        var child =
            ChildProxy.run(
                    directory,
                    "",
                    redisPool(List.of(server.port()), "listen: 127.0.0.1:" + port),
                    "--backend",
                    backend,
                    "--trace",
                    file.toString())
                .awaitListening(port)) {
      try (var client = RawClient.connect(port)) {
        client.send(resp("GET", "foo"));
        assertThat(client.line()).isEqualTo("$3");
      }
      child.signal("TERM");
      assertThat(child.exitCode()).as(child.log()).isZero();
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.getFirst()).contains("\"trace\":\"twemlab\"", "\"backend\":\"" + backend);
    assertThat(lines)
        .anyMatch(l -> l.contains("\"ACCEPT\"") && l.contains("\"conn\":\"client#"))
        .anyMatch(
            l -> l.contains("\"READ\"") && l.contains("\"parser\":\"get foo; then ARRAY_MARK"))
        .anyMatch(l -> l.contains("\"CONNECT\"") && l.contains("\"peer\":\"s0\""))
        .anyMatch(l -> l.contains("\"READ\"") && l.contains("\"data\":\"$3\\r\\nbar\\r\\n\""))
        .anyMatch(l -> l.contains("\"ready\":[{\"fd\":"));
  }

  @Test
  void theCallsOfJavaAreNotSeen() throws Exception {
    try (var child =
        ChildProxy.run(
            directory,
            "",
            redisPool(List.of(1), "listen: 127.0.0.1:" + port),
            "--backend",
            "nio",
            "--trace",
            "trace.html")) {
      assertThat(child.exitCode()).isEqualTo(1);
      assertThat(child.output()).contains("nutcracker: --trace trace.html: nio makes");
    }
  }
}
