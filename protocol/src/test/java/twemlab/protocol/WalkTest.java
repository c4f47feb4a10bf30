package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import twemlab.protocol.command.FanOut;
import twemlab.protocol.command.RedisCommand;

/// Going through a message again finds the places that the parser has found, however the message's
/// bytes are spread over memory.
class WalkTest {
  /// A message in pieces; each lies in a segment of its own, somewhere in the middle.
  private record Pieces(List<MemorySegment> segments, List<Integer> lengths) implements Ranges {
    private static final int BEFORE = 3;

    static Pieces of(byte[] message, int... cuts) {
      List<MemorySegment> segments = new ArrayList<>();
      List<Integer> lengths = new ArrayList<>();
      int from = 0;
      for (int to : IntStream.concat(Arrays.stream(cuts), IntStream.of(message.length)).toArray()) {
        if (to > from) {
          byte[] piece = new byte[BEFORE + to - from];
          System.arraycopy(message, from, piece, BEFORE, to - from);
          segments.add(MemorySegment.ofArray(piece).asReadOnly());
          lengths.add(to - from);
        }
        from = Math.max(from, to);
      }
      return new Pieces(segments, lengths);
    }

    @Override
    public int count() {
      return segments.size();
    }

    @Override
    public MemorySegment segment(int i) {
      return segments.get(i);
    }

    @Override
    public long from(int i) {
      return BEFORE;
    }

    @Override
    public long to(int i) {
      return (long) BEFORE + lengths.get(i);
    }
  }

  private static final List<String> REDIS_REQUESTS =
      List.of(
          Samples.redis("MGET", "a", "", "ccc"),
          Samples.redis("mset", "a", "1", "bb", "22\r\n", "", ""),
          Samples.redis("DEL", "k".repeat(120), "j"),
          Samples.redis("unlink", "one"));

  private static final List<String> MEMCACHE_REQUESTS =
      List.of("get k\r\n", "  gets  a b  c \r\n", "get " + "k".repeat(160) + " j\r\n");

  private static final List<String> REDIS_REPLIES =
      List.of(
          "*3\r\n$1\r\na\r\n$-1\r\n$0\r\n\r\n",
          "*4\r\n:1\r\n*2\r\n$1\r\na\r\n*2\r\n*0\r\n*1\r\n*-1\r\n-ERR x\r\n+OK\r\n",
          "*2\r\n$03\r\nabc\r\n$10\r\n*1\r\n$5\r\nxx\r\n",
          "*0\r\n");

  private static final List<String> MEMCACHE_REPLIES =
      List.of(
          "VALUE k 0 5\r\nhello\r\nEND\r\n",
          "VALUE  a  1  0 \r\n\r\nVALUE bb 2 3 77\r\nE\r\n\r\nEND\r\n",
          "END\r\n");

  @Test
  void samplesCutAtEveryOneAndTwoPlaces() {
    for (String sample : REDIS_REQUESTS) {
      cutEverywhere(Subject.REDIS_REQUEST, sample);
    }
    for (String sample : MEMCACHE_REQUESTS) {
      cutEverywhere(Subject.MEMCACHE_REQUEST, sample);
    }
    for (String sample : REDIS_REPLIES) {
      cutEverywhere(Subject.REDIS_REPLY, sample);
    }
    for (String sample : MEMCACHE_REPLIES) {
      cutEverywhere(Subject.MEMCACHE_REPLY, sample);
    }
  }

  private static void cutEverywhere(Subject subject, String sample) {
    byte[] message = Subject.bytes(sample);
    for (int first = 0; first <= message.length; first++) {
      for (int second = first; second <= message.length; second++) {
        assertThat(walkedLikeParsed(subject, message, first, second)).as(sample).isTrue();
      }
    }
    walkedLikeParsed(subject, message, IntStream.range(0, message.length).toArray());
  }

  @Test
  void everyRowOfTheTableThatIsOneMessage() {
    long walked =
        CaseRow.ALL.stream()
            .filter(row -> walkedLikeParsed(row.subject(), row.input(), row.input().length / 2))
            .count();
    assertThat(walked).isGreaterThan(200);
  }

  @Property(tries = 2000, seed = "11")
  void longRequestsCutAnywhere(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 40) Integer> lengths,
      @ForAll @Size(max = 30) List<@IntRange(max = 3000) Integer> places) {
    String[] keys = lengths.stream().map(length -> "k".repeat(1 + length)).toArray(String[]::new);
    byte[] redis = Subject.bytes(Samples.redis(with("MGET", keys)));
    byte[] memcache = Subject.bytes("get " + String.join(" ", keys) + "\r\n");
    assertThat(walkedLikeParsed(Subject.REDIS_REQUEST, redis, cuts(redis, places))).isTrue();
    assertThat(walkedLikeParsed(Subject.MEMCACHE_REQUEST, memcache, cuts(memcache, places)))
        .isTrue();
  }

  @Test
  void aWalkBeyondTheLastKeyIsAProgrammersError() {
    KeyWalk walk = new KeyWalk();
    walk.start(Pieces.of(Subject.bytes(REDIS_REQUESTS.get(3))), RedisCommand.UNLINK);
    walk.next();
    assertThatThrownBy(walk::next).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static String[] with(String name, String... keys) {
    return Stream.concat(Stream.of(name), Arrays.stream(keys)).toArray(String[]::new);
  }

  private static int[] cuts(byte[] message, List<Integer> places) {
    return places.stream().mapToInt(place -> place % (message.length + 1)).sorted().toArray();
  }

  /// Compares the walk with the parser's table; false if there is nothing to go through.
  private static boolean walkedLikeParsed(Subject subject, byte[] message, int... cuts) {
    return subject.isRequest()
        ? requestWalked(subject, message, cuts)
        : replyWalked(subject, message, cuts);
  }

  private static boolean requestWalked(Subject subject, byte[] message, int... cuts) {
    RequestParser parser = subject.requestParser();
    ParseResult result = parser.parse(Subject.segment(message), 0, message.length);
    RequestView view = parser.view();
    if (result != ParseResult.OK
        || view.command().fanOut() == FanOut.NONE
        || view.keyCount() == 0) {
      return false;
    }
    KeyWalk walk = new KeyWalk();
    walk.start(Pieces.of(message, cuts), view.command());
    for (int i = 0; i < view.keyCount(); i++) {
      walk.next();
      assertThat(walk.keyStart()).isEqualTo(view.keyStart(i));
      assertThat(walk.keyEnd()).isEqualTo(view.keyEnd(i));
      assertThat(walk.unitStart()).isEqualTo(view.unitStart(i));
      assertThat(walk.unitEnd()).isEqualTo(view.unitEnd(i));
      checkMemory(walk, message);
    }
    return true;
  }

  private static void checkMemory(KeyWalk walk, byte[] message) {
    int length = walk.keyEnd() - walk.keyStart();
    if (walk.segment() != null) {
      byte[] key = walk.segment().asSlice(walk.position(), length).toArray(ValueLayout.JAVA_BYTE);
      assertThat(key).isEqualTo(Arrays.copyOfRange(message, walk.keyStart(), walk.keyEnd()));
    }
  }

  private static boolean replyWalked(Subject subject, byte[] message, int... cuts) {
    ReplyParser parser = subject.replyParser();
    parser.recordElements(true);
    ParseResult result = parser.parse(Subject.segment(message), 0, message.length);
    ReplyView view = parser.view();
    ReplyType expected = subject.isRedis() ? ReplyType.ARRAY : ReplyType.END;
    if (result != ParseResult.OK || view.type() != expected) {
      return false;
    }
    ElementWalk walk = new ElementWalk();
    walk.start(Pieces.of(message, cuts), subject.isRedis());
    for (int i = 0; i < view.elementCount(); i++) {
      walk.next();
      assertThat(walk.start()).isEqualTo(view.elementStart(i));
      assertThat(walk.end()).isEqualTo(view.elementEnd(i));
      if (!subject.isRedis()) {
        assertThat(walk.keyStart()).isEqualTo(view.elementKeyStart(i));
        assertThat(walk.keyEnd()).isEqualTo(view.elementKeyEnd(i));
      }
    }
    return true;
  }
}
