package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.protocol.command.FanOut;
import twemlab.protocol.command.Gather;
import twemlab.protocol.command.Handling;
import twemlab.protocol.command.KeyShape;
import twemlab.protocol.command.Obstacle;
import twemlab.protocol.command.RedisCommand;

/// Tests that the rows of the command table generate: what a row says is what the parser does.
class RedisCommandTest {
  @Test
  void whateverTwemproxyTakesHasARow() {
    Set<String> names =
        CaseRow.ALL.stream()
            .filter(row -> row.subject() == Subject.REDIS_REQUEST)
            .filter(row -> row.expected().startsWith("OK"))
            .map(row -> row.expected().split("\t", -1)[1])
            .collect(Collectors.toSet());
    assertThat(names).hasSizeGreaterThan(130);
    assertThat(RedisCommand.values()).extracting(RedisCommand::wireName).containsAll(names);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRefusedHasAReason(RedisCommand row) {
    assertThat(row.obstacle() != Obstacle.NONE).isEqualTo(row.handling() == Handling.REFUSE);
    if (row.handling() == Handling.REFUSE) {
      byte[] request = request(row, row.wireName(), row.arity().minimum());
      RequestParser parser = new RedisRequestParser(Subject.LIMITS);
      assertThat(parser.parse(Subject.segment(request), 0, request.length))
          .isEqualTo(ParseResult.UNSUPPORTED);
      assertThat(parser.view().refusal()).isEqualTo(RefusalReason.NOT_SUPPORTED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMinimalRequestIsTaken(RedisCommand row) {
    RequestView view = parse(ParseResult.OK, request(row, row.wireName(), row.arity().minimum()));
    assertThat(view.command()).isEqualTo(row);
    assertThat(view.refusal()).isEqualTo(RefusalReason.NONE);
    assertThat(view.argumentCount()).isEqualTo(row.arity().minimum() - 1);
    assertThat(view.keyCount()).isEqualTo(expectedKeys(row, row.arity().minimum()).size());
    assertThat(view.quit()).isEqualTo(row == RedisCommand.QUIT);
  }

  @ParameterizedTest
  @EnumSource
  void caseDoesNotMatter(RedisCommand row) {
    String lower = row.wireName();
    String upper = lower.toUpperCase(Locale.ROOT);
    String mixed = upper.substring(0, 1) + lower.substring(1, 2) + upper.substring(2);
    for (String name : List.of(lower, upper, mixed)) {
      byte[] request = request(row, name, row.arity().minimum());
      assertThat(parse(ParseResult.OK, request).command()).isEqualTo(row);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherNameIsAnotherCommand(RedisCommand row) {
    List<String> names = new ArrayList<>(List.of(row.wireName() + "x", row.wireName() + "\0"));
    for (int i = 0; i < row.wireName().length(); i++) {
      char[] changed = row.wireName().toCharArray();
      changed[i] = (char) (changed[i] ^ 0x40);
      names.add(new String(changed));
      changed[i] = (char) (changed[i] ^ 0xC0);
      names.add(new String(changed));
    }
    names.removeIf(name -> Arrays.stream(RedisCommand.values()).anyMatch(r -> is(r, name)));
    for (String name : names) {
      RequestParser parser = new RedisRequestParser(Subject.LIMITS);
      byte[] request = request(row, name, row.arity().minimum());
      assertThat(parser.parse(Subject.segment(request), 0, request.length))
          .isEqualTo(ParseResult.UNSUPPORTED);
      assertThat(parser.view().refusal()).isEqualTo(RefusalReason.UNKNOWN_COMMAND);
      assertThat(name(parser.view())).isEqualTo(name);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneArgumentTooFew(RedisCommand row) {
    int elements = row.arity().minimum() - 1;
    if (elements > 0) {
      assertRefused(row, elements);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneArgumentTooMany(RedisCommand row) {
    if (row.arity().maximum() < Integer.MAX_VALUE) {
      assertRefused(row, row.arity().maximum() + 1);
    } else if (row.keyShape() == KeyShape.PAIRS) {
      assertRefused(row, row.arity().minimum() + 1);
    } else {
      parse(ParseResult.OK, request(row, row.wireName(), row.arity().minimum() + 3));
    }
  }

  private static void assertRefused(RedisCommand row, int elements) {
    byte[] request = request(row, row.wireName(), elements);
    RequestParser parser = new RedisRequestParser(Subject.LIMITS);
    ParseResult result = parser.parse(Subject.segment(request), 0, request.length);
    assertThat(result).isEqualTo(ParseResult.UNSUPPORTED);
    assertThat(parser.view().refusal()).isEqualTo(RefusalReason.WRONG_ARITY);
    assertThat(parser.view().command()).isEqualTo(row);
    assertThat(parser.view().length()).isEqualTo(request.length);
    assertThat(parser.view().quit()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void keysAndUnitsAreWhereTheRowSays(RedisCommand row) {
    int elements = Math.min(row.arity().maximum(), row.arity().minimum() + 4);
    byte[] request = request(row, row.wireName(), elements);
    String text = new String(request, StandardCharsets.ISO_8859_1);
    RequestView view = parse(ParseResult.OK, request);
    List<String> keys = new ArrayList<>();
    List<String> units = new ArrayList<>();
    for (int i = 0; i < view.keyCount(); i++) {
      keys.add(text.substring(view.keyStart(i), view.keyEnd(i)));
      units.add(text.substring(view.unitStart(i), view.unitEnd(i)));
    }
    assertThat(keys).isEqualTo(expectedKeys(row, elements));
    boolean pairs = row.keyShape() == KeyShape.PAIRS;
    for (int i = 0; i < keys.size(); i++) {
      String value = pairs ? bulk("a" + (2 * i + 2)) : "";
      assertThat(units.get(i)).isEqualTo(bulk(keys.get(i)) + value);
    }
  }

  private static List<String> expectedKeys(RedisCommand row, int elements) {
    List<String> keys = new ArrayList<>();
    for (int i = 1; i < elements; i++) {
      boolean key =
          switch (row.keyShape()) {
            case NONE -> false;
            case FIRST -> i == 1;
            case SECOND, COUNTED -> i == 2;
            case TWO -> i <= 2;
            case EVERY -> true;
            case FROM_SECOND -> i >= 2;
            case PAIRS -> i % 2 == 1;
            case AFTER_NUMKEYS -> i == 3;
          };
      if (key) {
        keys.add("a" + i);
      }
    }
    return keys;
  }

  @ParameterizedTest
  @EnumSource
  void fanOutAndGatherBelongTogether(RedisCommand row) {
    boolean divided = row.fanOut() != FanOut.NONE && row.fanOut() != FanOut.TOGETHER;
    assertThat(row.gather() != Gather.NONE).isEqualTo(divided);
    switch (row.keyShape()) {
      case EVERY -> assertThat(row.fanOut()).isEqualTo(FanOut.KEYS);
      case PAIRS -> assertThat(row.fanOut()).isIn(FanOut.PAIRS, FanOut.TOGETHER);
      case TWO, FROM_SECOND, COUNTED -> assertThat(row.fanOut()).isEqualTo(FanOut.TOGETHER);
      case NONE -> assertThat(row.fanOut()).isIn(FanOut.NONE, FanOut.ALL);
      case FIRST, SECOND, AFTER_NUMKEYS -> assertThat(row.fanOut()).isEqualTo(FanOut.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EVAL", "EVALSHA_RO", "FCALL", "SINTERCARD", "LMPOP"})
  void withoutANumberOfKeysThereIsNoKey(RedisCommand row) {
    int place = row.keyShape().numkeysAt();
    for (String bad : List.of("", "0", "-1", "1x", "x", "99999999999999")) {
      List<String> words = new ArrayList<>(List.of(row.wireName(), "script", "key", "more", "x"));
      words.set(place, bad);
      byte[] request = Subject.bytes(Samples.redis(words.toArray(String[]::new)));
      assertThat(parse(ParseResult.OK, request).keyCount()).isZero();
    }
  }

  @Test
  void asManyKeysAsTheNumberSays() {
    String[] words = {"zintercard", "2", "a", "bb", "LIMIT", "1"};
    byte[] request = Subject.bytes(Samples.redis(words));
    RequestView view = parse(ParseResult.OK, request);
    assertThat(view.keyCount()).isEqualTo(2);
    assertThat(view.keyEnd(1) - view.keyStart(1)).isEqualTo(2);
    byte[] script = Subject.bytes(Samples.redis("eval", "s", "2", "a", "bb"));
    assertThat(parse(ParseResult.OK, script).keyCount()).as("the first decides").isEqualTo(1);
  }

  @Test
  void aRefusalIsKnownBeforeTheEndOfTheFrame() {
    byte[] start = Subject.bytes("*3\r\n$7\r\nunknown\r\n$500000000\r\n");
    RequestParser parser = new RedisRequestParser(Subject.LIMITS);
    assertThat(parser.parse(Subject.segment(start), 0, start.length)).isEqualTo(ParseResult.AGAIN);
    assertThat(parser.view().refusal()).isEqualTo(RefusalReason.UNKNOWN_COMMAND);
  }

  private static RequestView parse(ParseResult expected, byte[] request) {
    RequestParser parser = new RedisRequestParser(Subject.LIMITS);
    parser.recordKeys(true);
    ParseResult result = parser.parse(Subject.segment(request), 0, request.length);
    boolean refused =
        parser.view().command() != null && parser.view().command().handling() == Handling.REFUSE;
    assertThat(result).isEqualTo(refused ? ParseResult.UNSUPPORTED : expected);
    if (refused) {
      assertThat(parser.view().refusal()).isEqualTo(RefusalReason.NOT_SUPPORTED);
      parser.view().refusal = RefusalReason.NONE;
    }
    assertThat(parser.position()).isEqualTo(request.length);
    return parser.view();
  }

  private static boolean is(RedisCommand row, String name) {
    return row.wireName().equals(name.toLowerCase(Locale.ROOT));
  }

  /// A request with that many elements; the arguments are `a1`, `a2` and so on.
  private static byte[] request(RedisCommand row, String name, int elements) {
    List<String> words = new ArrayList<>(Collections.nCopies(elements, ""));
    words.set(0, name);
    for (int i = 1; i < elements; i++) {
      boolean numkeys = i == row.keyShape().numkeysAt();
      words.set(i, numkeys ? "1" : "a" + i);
    }
    return Subject.bytes(Samples.redis(words.toArray(String[]::new)));
  }

  private static String bulk(String word) {
    return "$" + word.length() + "\r\n" + word + "\r\n";
  }

  private static String name(RequestView view) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < view.nameLength(); i++) {
      name.append((char) (view.nameByte(i) & 0xFF));
    }
    return name.toString();
  }
}
