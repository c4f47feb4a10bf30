package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every length and every count has a limit, and passing it is an error at once.
class LimitsTest {
  private static final Limits SMALL = new Limits(10, 20, 4, 60);

  @Test
  void aRedisKeyIsShorterThanTheDataOfAnMbuf() {
    Limits limits = Limits.forMbufSize(512);
    assertThat(redis(limits, Samples.redis("GET", "k".repeat(463)))).isEqualTo(ParseResult.OK);
    assertThat(refusal(limits, Samples.redis("GET", "k".repeat(464))))
        .isEqualTo(RefusalReason.KEY_TOO_LONG);
    assertThat(refusal(limits, "*2\r\n$3\r\nGET\r\n$464\r"))
        .as("A6: known before the key comes")
        .isEqualTo(RefusalReason.KEY_TOO_LONG);
    assertThat(redis(limits, Samples.redis("SET", "", "v"))).as("A44").isEqualTo(ParseResult.OK);
    assertThat(redis(limits, Samples.redis("SET", "k", "v".repeat(4096))))
        .isEqualTo(ParseResult.OK);
  }

  @Test
  void redisLengthsAndCounts() {
    assertThat(redis(SMALL, Samples.redis("SET", "k", "v".repeat(20)))).isEqualTo(ParseResult.OK);
    assertThat(redis(SMALL, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$21")).isEqualTo(ParseResult.ERROR);
    assertThat(redis(SMALL, Samples.redis("DEL", "a", "b", "c"))).isEqualTo(ParseResult.OK);
    assertThat(redis(SMALL, "*5")).isEqualTo(ParseResult.ERROR);
    String long60 = Samples.redis("SET", "k", "v".repeat(20), "w".repeat(7));
    assertThat(long60).hasSize(60);
    assertThat(redis(SMALL, long60)).isEqualTo(ParseResult.OK);
    String long61 = Samples.redis("SET", "k", "v".repeat(20), "w".repeat(8));
    assertThat(redis(SMALL, long61)).isEqualTo(ParseResult.ERROR);
    assertThat(redis(SMALL, "*2\r\n$3\r\nGET\r\n$4294967297\r\nk\r\n"))
        .isEqualTo(ParseResult.ERROR);
    assertThat(redis(SMALL, "*4294967298\r\n$3\r\nGET\r\n$1\r\nk\r\n"))
        .isEqualTo(ParseResult.ERROR);
    assertThat(redis(SMALL, "*" + "9".repeat(40))).isEqualTo(ParseResult.ERROR);
  }

  @Test
  void memcachedNumbersAndLines() {
    assertThat(memcache("set k 4294967295 0 1\r\na\r\n")).isEqualTo(ParseResult.OK);
    assertThat(memcache("set k 4294967296 0 1\r\na\r\n")).isEqualTo(ParseResult.UNSUPPORTED);
    assertThat(memcache("set k 0 9223372036854775808 1\r\na\r\n"))
        .isEqualTo(ParseResult.UNSUPPORTED);
    assertThat(memcache("set k 0 0 4294967297\r\na\r\n")).isEqualTo(ParseResult.ERROR);
    assertThat(memcache("cas k 0 0 1 18446744073709551615\r\na\r\n")).isEqualTo(ParseResult.OK);
    assertThat(memcache("cas k 0 0 1 18446744073709551616\r\na\r\n"))
        .isEqualTo(ParseResult.UNSUPPORTED);
    assertThat(memcache("incr k 18446744073709551620\r\n")).isEqualTo(ParseResult.UNSUPPORTED);
    assertThat(memcache("incr k 99999999999999999999999\r\n")).isEqualTo(ParseResult.UNSUPPORTED);
    assertThat(memcache("set k 000000000000000000000000000 0 001\r\na\r\n"))
        .isEqualTo(ParseResult.OK);
    assertThat(memcache(" ".repeat(100) + "get k\r\n")).isEqualTo(ParseResult.OK);
    assertThat(memcache(" ".repeat(101))).isEqualTo(ParseResult.ERROR);
    assertThat(memcache("delete k" + " ".repeat(2040) + "\r\n")).isEqualTo(ParseResult.OK);
    assertThat(memcache("delete k" + " ".repeat(2041) + "\r\n")).isEqualTo(ParseResult.ERROR);
    assertThat(memcache("get" + " k".repeat(5000) + "\r\n")).isEqualTo(ParseResult.OK);
  }

  @Test
  void aLineAtItsLimitIsTheSameForEveryCut() {
    for (int spaces = 2036; spaces < 2044; spaces++) {
      byte[] input = Subject.bytes("touch k" + " ".repeat(spaces) + "1\r\n");
      String whole = Subject.MEMCACHE_REQUEST.describe(input);
      for (int cut = 2030; cut <= input.length; cut++) {
        assertThat(Subject.MEMCACHE_REQUEST.describe(input, cut)).isEqualTo(whole);
      }
    }
  }

  @Test
  void aReplyOfAnyLengthIsFramedButNoneThatNoServerMeans() {
    for (String header : List.of("$536870913\r\n", "$4294967297\r\n", "*4294967297\r\n")) {
      assertThat(redisReply(header + "+")).as(header).isEqualTo(ParseResult.AGAIN);
    }
    assertThat(redisReply("$18446744073709551617\r")).isEqualTo(ParseResult.ERROR);
    assertThat(redisReply("*9223372036854775807\r")).isEqualTo(ParseResult.ERROR);
    String most = "*" + (1L << 60) + "\r\n";
    assertThat(redisReply(most.repeat(2))).isEqualTo(ParseResult.AGAIN);
    assertThat(redisReply(most.repeat(3))).as("no sum overflows").isEqualTo(ParseResult.ERROR);
    MemcacheReplyParser parser = new MemcacheReplyParser();
    assertThat(parse(parser, "VALUE k 0 4294967297\r\na")).isEqualTo(ParseResult.AGAIN);
    parser.reset();
    assertThat(parse(parser, "VALUE k 0 18446744073709551617")).isEqualTo(ParseResult.ERROR);
  }

  @Test
  void beyondTwoGibibytesTheEndIsFound() {
    byte[] mebibyte = new byte[1 << 20];
    MemorySegment data = Subject.segment(mebibyte);
    for (ReplyParser parser : List.of(new RedisReplyParser(), new MemcacheReplyParser())) {
      boolean redis = parser instanceof RedisReplyParser;
      String head = redis ? "*2\r\n:1\r\n$3221225472\r\n" : "VALUE k 0 3221225472\r\n";
      assertThat(parse(parser, head)).isEqualTo(ParseResult.AGAIN);
      assertThat(parser.view().lengthAtLeast()).isEqualTo(head.length() + 3221225472L);
      for (int i = 0; i < 3072; i++) {
        assertThat(parser.parse(data, 0, mebibyte.length)).isEqualTo(ParseResult.AGAIN);
      }
      String tail = redis ? "\r\n" : "\r\nEND\r\n";
      assertThat(parse(parser, tail + "x")).isEqualTo(ParseResult.OK);
      assertThat(parser.position()).isEqualTo(tail.length());
      assertThat(parser.view().length()).isEqualTo(head.length() + 3221225472L + tail.length());
    }
  }

  @Test
  void aLimitBelowOneIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(0, 1, 1, 1));
  }

  /// Whatever the cuts; and the next request is found.
  @Test
  void aRequestTooLongToBeKeptIsRefusedAndSkipped() {
    Limits limits = Limits.standard().keeping(60);
    for (String redis :
        List.of(
            Samples.redis("SET", "k", "v".repeat(40)),
            Samples.redis("SET", "k", "v", "w".repeat(30)),
            Samples.redis("MGET", "a", "b", "c", "d", "e", "f", "g", "h"),
            Samples.redis("EVAL", "s".repeat(40), "1", "k"),
            Samples.redis("G".repeat(70), "k"))) {
      refusedAndSkipped(new RedisRequestParser(limits), redis);
    }
    for (String memcached :
        List.of(
            "set k 0 0 50\r\n" + "v".repeat(50) + "\r\n",
            "set k 0 0 50 noreply\r\n" + "v".repeat(50) + "\r\n",
            "get" + " key".repeat(20) + "\r\n",
            "get k" + " ".repeat(60) + "\r\n")) {
      refusedAndSkipped(new MemcacheRequestParser(limits), memcached);
    }
    assertThat(redis(limits, Samples.redis("SET", "k", "v".repeat(25)))).isEqualTo(ParseResult.OK);
  }

  private static void refusedAndSkipped(RequestParser parser, String request) {
    byte[] bytes = Subject.bytes(request);
    for (int cut = 0; cut <= bytes.length; cut++) {
      parser.reset();
      if (cut > 0 && cut < bytes.length) {
        assertThat(parser.parse(Subject.segment(bytes), 0, cut)).isEqualTo(ParseResult.AGAIN);
      }
      int from = cut < bytes.length ? cut : 0;
      assertThat(parser.parse(Subject.segment(bytes), from, bytes.length))
          .as("%s cut at %d", request, cut)
          .isEqualTo(ParseResult.UNSUPPORTED);
      assertThat(parser.view().refusal()).isEqualTo(RefusalReason.TOO_LARGE);
      assertThat(parser.position()).isEqualTo(bytes.length);
    }
    parser.reset();
  }

  @Test
  void aFinishedMessageMustBeReset() {
    RequestParser parser = new MemcacheRequestParser(SMALL);
    byte[] bytes = Subject.bytes("get k\r\n");
    MemorySegment segment = Subject.segment(bytes);
    assertThat(parser.parse(segment, 0, bytes.length)).isEqualTo(ParseResult.OK);
    assertThatIllegalStateException().isThrownBy(() -> parser.parse(segment, 0, bytes.length));
  }

  private static ParseResult redis(Limits limits, String request) {
    byte[] bytes = Subject.bytes(request);
    return new RedisRequestParser(limits).parse(Subject.segment(bytes), 0, bytes.length);
  }

  private static RefusalReason refusal(Limits limits, String request) {
    byte[] bytes = Subject.bytes(request);
    RequestParser parser = new RedisRequestParser(limits);
    parser.parse(Subject.segment(bytes), 0, bytes.length);
    return parser.view().refusal();
  }

  private static ParseResult memcache(String request) {
    byte[] bytes = Subject.bytes(request);
    return new MemcacheRequestParser(Subject.LIMITS).parse(Subject.segment(bytes), 0, bytes.length);
  }

  private static ParseResult redisReply(String reply) {
    return parse(new RedisReplyParser(), reply);
  }

  private static ParseResult parse(ReplyParser parser, String reply) {
    byte[] bytes = Subject.bytes(reply);
    return parser.parse(Subject.segment(bytes), 0, bytes.length);
  }
}
