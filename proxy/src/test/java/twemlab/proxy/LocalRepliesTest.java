package twemlab.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import twemlab.protocol.ParseResult;
import twemlab.protocol.RedisReplyParser;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;

/// Commands that the proxy answers itself, with any number of arguments of any size.
class LocalRepliesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int LARGE = 20_000_000;

  private static final List<String> NAMES =
      List.of("HELLO", "ECHO", "SELECT", "CLIENT", "COMMAND", "INFO", "TIME", "AUTH", "PING");

  private static final List<String> WORDS =
      List.of("2", "3", "0", "AUTH", "default", "SETNAME", "COUNT", "REPLY", "ID", "sesame");

  private static final List<String> CLOSING =
      List.of("database 0 alone\r\n", "every request gets its reply\r\n");

  private static ProxyUnderTest proxy(String... lines) {
    return ProxyUnderTest.start(redisPool(List.of(RealServer.freePort()), lines));
  }

  @Test
  void optionsOfHelloAreTakenInAnyNumber() {
    String many = " SETNAME a".repeat(10);
    try (var open = proxy();
        var client = open.connect()) {
      assertThat(client.ask(hello("2 SETNAME a SETNAME b SETNAME c AUTH default x")))
          .isEqualTo("-ERR Client sent AUTH, but no password is set");
      client.send(hello("2" + many));
      skipGreeting(client);
    }
    try (var closed = proxy("redis_auth: sesame");
        var client = closed.connect()) {
      assertThat(client.ask(hello("2" + many))).startsWith("-NOAUTH");
      assertThat(client.ask(hello("2" + many + " AUTH default x")))
          .isEqualTo("-ERR invalid password");
      assertThat(client.ask(hello("2" + many + " AUTH Default sesame"))).startsWith("-WRONGPASS");
      assertThat(client.ask(hello("2 AUTH default x auth default sesame" + many)))
          .as("the last one counts, as in redis")
          .isEqualTo("*14");
    }
  }

  @Test
  void afterSoManyOptionsHelloIsNoLongerLookedAt() {
    try (var proxy = proxy();
        var client = proxy.connect()) {
      client.send(hello("2" + " SETNAME a".repeat(32)));
      skipGreeting(client);
      assertThat(client.ask(hello("2" + " SETNAME a".repeat(33)))).isEqualTo("-ERR syntax error");
      assertThat(client.ask(hello("2" + " SETNAME a".repeat(400_000))))
          .isEqualTo("-ERR syntax error");
      assertThat(client.ask(hello("2 AUTH default"))).isEqualTo("-ERR syntax error");
      assertThat(client.ask(hello("2 SETNAME"))).isEqualTo("-ERR syntax error");
    }
  }

  private static void skipGreeting(RawClient client) {
    assertThat(client.line()).isEqualTo("*14");
    while (!client.line().equals("*0")) {}
  }

  private static String hello(String options) {
    return resp(("HELLO " + options).split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ECHO %s",
        "HELLO %s",
        "HELLO 2 SETNAME %s",
        "HELLO 2 %s 1",
        "CLIENT %s",
        "CLIENT SETNAME %s",
        "COMMAND %s",
        "INFO %s"
      })
  void aLargeArgumentIsNotCopied(String template) {
    String[] words = template.split(" ", -1);
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].replace("%s", "x".repeat(LARGE));
    }
    byte[] request = resp(words).getBytes(ISO_8859_1);
    try (var proxy = proxy();
        var client = proxy.connect()) {
      int replyLength = replyLength(client, request);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long before = THREADS.getThreadAllocatedBytes(proxy.threadId());
        client.send(request).skip(replyLength);
        least = Math.min(least, THREADS.getThreadAllocatedBytes(proxy.threadId()) - before);
      }
      // Of each mbuf in which the argument lies, its place in the request's table and the reply's.
      assertThat(least).isLessThan(LARGE / 50);
      assertThat(client.ask(resp("PING"))).isEqualTo("+PONG");
    }
  }

  private static int replyLength(RawClient client, byte[] request) {
    client.send(request).send(resp("PING"));
    int length = 0;
    for (String line = client.line(); !line.equals("+PONG"); line = client.line()) {
      length += line.length() + 2;
    }
    return length;
  }

  @Test
  void largeEchoesComeBackByteForByte() {
    String text = "0123456789abcdef".repeat(LARGE / 16);
    try (var proxy = proxy();
        var client = proxy.connect()) {
      client.send(resp("ECHO", text));
      assertThat(client.line()).isEqualTo("$" + text.length());
      assertThat(client.read(text.length() + 2)).isEqualTo(text + "\r\n");
    }
  }

  @Test
  void anErrorNamesTheBeginningOfALongWord() {
    try (var proxy = proxy();
        var client = proxy.connect()) {
      String printed = client.ask(resp("CLIENT", "a\r\n\0" + "x".repeat(LARGE)));
      assertThat(printed).startsWith("-ERR unknown subcommand 'a   " + "x".repeat(124) + "'");
      assertThat(client.ask(resp("SELECT", "0".repeat(LARGE))))
          .startsWith("-ERR DB index is out of range");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  /// A local request and the places at which it is cut, in ascending order.
  record Cut(String request, List<Integer> cuts) {}

  @Property(tries = 1000, seed = "23")
  void everyRequestGetsOneWellFramedReply(@ForAll("requests") List<Cut> requests) {
    try (var proxy = Shared.proxy.connect()) {
      for (Cut cut : requests) {
        int from = 0;
        for (int to : cut.cuts) {
          proxy.send(cut.request.substring(from, to));
          from = to;
        }
        proxy.send(cut.request.substring(from));
      }
      String replies = proxy.finish().readToEnd();
      int count = replyCount(replies);
      // Some replies end the connection: what is behind them is not answered.
      boolean ended = CLOSING.stream().anyMatch(replies::endsWith);
      assertThat(count).as(replies).isBetween(ended ? 1 : requests.size(), requests.size());
    }
  }

  private static int replyCount(String replies) {
    var parser = new RedisReplyParser();
    MemorySegment segment = MemorySegment.ofArray(replies.getBytes(ISO_8859_1));
    int count = 0;
    for (long at = 0; at < segment.byteSize(); at = parser.position()) {
      assertThat(parser.parse(segment, at, segment.byteSize()))
          .as(replies.substring((int) at))
          .isEqualTo(ParseResult.OK);
      parser.reset();
      count++;
    }
    return count;
  }

  @Provide
  Arbitrary<List<Cut>> requests() {
    Arbitrary<String> small = Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(8);
    Arbitrary<String> large =
        Arbitraries.strings().withChars("a\r\n$*0\u00ff").ofMinLength(500).ofMaxLength(40_000);
    Arbitrary<String> argument =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.of(WORDS)), Tuple.of(3, small), Tuple.of(1, large));
    Arbitrary<String> request =
        Combinators.combine(Arbitraries.of(NAMES), argument.list().ofMaxSize(40))
            .as(LocalRepliesTest::request);
    return request.flatMap(LocalRepliesTest::cut).list().ofMinSize(1).ofMaxSize(4);
  }

  private static String request(String name, List<String> arguments) {
    List<String> words = new ArrayList<>(arguments);
    words.addFirst(name);
    if (name.equals("AUTH")) {
      // A password is a key to the parser, and a key is short, or the frame is broken.
      words.replaceAll(word -> word.substring(0, Math.min(word.length(), 16_000)));
    }
    return resp(words.toArray(new String[0]));
  }

  private static Arbitrary<Cut> cut(String request) {
    return Arbitraries.integers()
        .between(0, request.length())
        .list()
        .ofMaxSize(3)
        .map(cuts -> new Cut(request, cuts.stream().sorted().toList()));
  }

  /// One proxy for all tries; it ends with the process.
  private static final class Shared {
    static final ProxyUnderTest proxy = LocalRepliesTest.proxy();
  }
}
