package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import twemlab.protocol.command.Handling;
import twemlab.protocol.command.KeyShape;
import twemlab.protocol.command.MemcacheCommand;
import twemlab.protocol.command.RedisCommand;

/// What is forwarded is exactly what the server will read as one request: no byte less, no byte
/// more, the same keys, and one answer. Else a client could smuggle a request past the proxy (B5),
/// or shift the replies of others (C5).
class ServerReadingTest {
  private static final List<String> REDIS_TOKENS =
      List.of(
          "*1\r\n",
          "*2\r\n",
          "*3\r\n",
          "*02\r\n",
          "$3\r\nGET\r\n",
          "$4\r\nMGET\r\n",
          "$1\r\nk\r\n",
          "$0\r\n\r\n",
          "$2\r\n\r\n\r\n",
          "$01\r\n",
          "$-1\r\n",
          "\r\n",
          "x");

  private static final List<String> MEMCACHE_TOKENS =
      List.of(
          "get",
          "set",
          "cas",
          "delete",
          " ",
          " k",
          " 0",
          " 1",
          " 9999999999999999999999",
          "\n",
          "\r\n",
          "\r",
          "\0",
          " noreply");

  private static final List<String> MEMCACHE_FIELDS =
      List.of(
          "k",
          "j\n",
          "j\0",
          "noreply",
          "0",
          "1",
          "2",
          "007",
          "-1",
          "4294967295",
          "4294967296",
          "9223372036854775808",
          "18446744073709551615",
          "18446744073709551616",
          "x".repeat(250),
          "x".repeat(251),
          "");

  @Test
  void everyShortSequenceOfRedisTokens() {
    int taken = sequences("", REDIS_TOKENS, 5, ServerReadingTest::redisServerReadsTheSame);
    assertThat(taken).isGreaterThan(100);
  }

  @Test
  void everyShortSequenceOfMemcacheTokens() {
    int taken = sequences("", MEMCACHE_TOKENS, 5, ServerReadingTest::memcachedReadsTheSame);
    assertThat(taken).isGreaterThan(100);
  }

  @Test
  void everyRowOfTheTable() {
    int taken = 0;
    for (CaseRow row : CaseRow.ALL) {
      if (row.subject() == Subject.REDIS_REQUEST) {
        taken += redisServerReadsTheSame(row.text()) ? 1 : 0;
      } else if (row.subject() == Subject.MEMCACHE_REQUEST) {
        taken += memcachedReadsTheSame(row.text()) ? 1 : 0;
      }
    }
    assertThat(taken).isGreaterThan(2_000);
  }

  @Property(tries = 5_000, seed = "23")
  void redisArraysOfAnyBytes(
      @ForAll RedisCommand row,
      @ForAll @Size(max = 6)
          List<@Chars({'$', '*', '\r', '\n', '1', '\0', '\u00ff'}) String> words) {
    List<String> elements = new ArrayList<>(words);
    elements.addFirst(row.wireName());
    int numkeys = row.keyShape().numkeysAt();
    if (numkeys > 0 && elements.size() > numkeys) {
      elements.set(numkeys, "1");
    }
    boolean taken = redisServerReadsTheSame(Samples.redis(elements.toArray(String[]::new)));
    boolean expected = row.accepts(elements.size()) && row.handling() != Handling.REFUSE;
    assertThat(taken).isEqualTo(expected);
  }

  @Property(tries = 20_000, seed = "13")
  void storageLines(@ForAll("storage") String request) {
    boolean taken = memcachedReadsTheSame(request);
    Statistics.label("taken").collect(taken);
  }

  @Provide
  Arbitrary<String> storage() {
    Arbitrary<String> verb = Arbitraries.of("set", "add", "cas", "prepend", "incr", "touch", "gat");
    Arbitrary<String> gap = Arbitraries.of(" ", " ", " ", " ", "   ", "\t");
    Arbitrary<List<String>> fields =
        Arbitraries.of(MEMCACHE_FIELDS).list().ofMinSize(2).ofMaxSize(6);
    Arbitrary<String> tail =
        Arbitraries.of("\r\n", "\n", " noreply\r\n", "  noreply \r\n", " noreply noreply\r\n");
    Arbitrary<String> data =
        Arbitraries.of("", "\r\n", "a\r\n", "ab\r\n", "abcdefg\r\n", "get x\r\n");
    return Combinators.combine(verb, gap, fields, tail, data)
        .as((v, g, f, t, d) -> v + g + String.join(g, f) + t + d);
  }

  private interface Check {
    boolean taken(String input);
  }

  /// Checks every sequence of up to `depth` tokens; the number that the parser took.
  private static int sequences(String prefix, List<String> tokens, int depth, Check check) {
    int taken = check.taken(prefix) ? 1 : 0;
    if (depth > 0) {
      for (String token : tokens) {
        taken += sequences(prefix + token, tokens, depth - 1, check);
      }
    }
    return taken;
  }

  private static boolean redisServerReadsTheSame(String input) {
    RedisRequestParser parser = new RedisRequestParser(Subject.LIMITS);
    parser.recordKeys(true);
    byte[] bytes = Subject.bytes(input);
    if (parser.parse(Subject.segment(bytes), 0, bytes.length) != ParseResult.OK) {
      return false;
    }
    RequestView view = parser.view();
    RedisServerReader server = RedisServerReader.read(input);
    assertThat(server).as(input).isNotNull();
    assertThat(server.consumed()).as(input).isEqualTo(view.length());
    assertThat(server.arguments().getFirst()).isEqualToIgnoringCase(view.command().wireName());
    assertThat(server.arguments().size() - 1).isEqualTo(view.argumentCount());
    List<String> keys = keys(view, input);
    assertThat(server.arguments()).containsAll(keys);
    if (view.command().keyShape() == KeyShape.EVERY) {
      assertThat(keys).isEqualTo(server.arguments().subList(1, server.arguments().size()));
    }
    return true;
  }

  private static boolean memcachedReadsTheSame(String input) {
    MemcacheRequestParser parser = new MemcacheRequestParser(Subject.LIMITS);
    parser.recordKeys(true);
    byte[] bytes = Subject.bytes(input);
    if (parser.parse(Subject.segment(bytes), 0, bytes.length) != ParseResult.OK) {
      return false;
    }
    RequestView view = parser.view();
    String request = input.substring(0, view.length());
    String forwarded =
        view.noreply()
            ? request.substring(0, view.noreplyStart()) + request.substring(view.noreplyEnd())
            : request;
    MemcachedServerReader server = MemcachedServerReader.read(forwarded);
    assertThat(server).as(forwarded).isNotNull();
    assertThat(server.consumed()).as(forwarded).isEqualTo(forwarded.length());
    assertThat(server.tokens().getFirst()).isEqualTo(view.command().wireName());
    List<String> keys = keys(view, input);
    int before = 1 + ((MemcacheCommand) view.command()).numbersBefore();
    if (!keys.isEmpty()) {
      assertThat(server.tokens().subList(before, server.tokens().size()))
          .startsWith(keys.toArray(String[]::new));
    }
    if (view.command().keyShape() == KeyShape.EVERY) {
      assertThat(server.tokens()).hasSize(before + keys.size());
    }
    assertThat(server.answer()).as(forwarded).isTrue();
    return true;
  }

  private static List<String> keys(RequestView view, String input) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < view.keyCount(); i++) {
      keys.add(input.substring(view.keyStart(i), view.keyEnd(i)));
    }
    return keys;
  }
}
