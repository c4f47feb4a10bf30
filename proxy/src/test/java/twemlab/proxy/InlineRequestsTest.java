package twemlab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.opentest4j.TestAbortedException;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;

/// Requests in words, through the proxy and to redis itself: the same bytes, whatever the words,
/// the quotes and the cuts.
class InlineRequestsTest {
  @Property(tries = 500, seed = "31")
  void theSameBytesAsFromRedis(@ForAll("lines") List<String> lines, @ForAll int cut) {
    try {
      RealServer.Program.REDIS.needInstalled();
    } catch (TestAbortedException _) {
      // jqwik would count each try as rejected, and fail.
      return;
    }
    String stream = String.join("", lines) + "PING\r\n";
    int at = Math.floorMod(cut, stream.length());
    try (var direct = RawClient.connect(Shared.server.port());
        var client = Shared.proxy.connect()) {
      String expected = direct.send(stream).finish().readToEnd();
      client.send(stream.substring(0, at));
      client.send(stream.substring(at));
      assertThat(client.finish().readToEnd()).as(stream).isEqualTo(expected);
    }
  }

  @Provide
  Arbitrary<List<String>> lines() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "\"", "\"", "'", "\\", "\\x41", "\\xg", "\\n", "\\\"", "\\'", " ", "  ", "\t", "\u000b",
            "\r", "a", "bc", "0", "\u00e9", "*", "$");
    Arbitrary<String> line =
        piece.list().ofMaxSize(8).map(words -> "ECHO " + String.join("", words));
    Arbitrary<String> whole =
        Arbitraries.frequencyOf(
            Tuple.of(6, line),
            Tuple.of(1, Arbitraries.of("", "  ", "\t", "ping 'x'", "\"echo\" x")));
    Arbitrary<String> end = Arbitraries.of("\r\n", "\n");
    return Combinators.combine(whole, end)
        .as((words, lineEnd) -> words + lineEnd)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  /// For all tries; they end with the process.
  private static final class Shared {
    static final RealServer server = RealServer.redis();
    static final ProxyUnderTest proxy = ProxyUnderTest.start(redisPool(List.of(server.port())));
  }
}
