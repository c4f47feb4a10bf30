package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.protocol.command.KeyShape;
import twemlab.protocol.command.MemcacheCommand;
import twemlab.protocol.command.NumberField;

/// Tests that the rows of memcached's command table generate.
class MemcacheCommandTest {
  @ParameterizedTest
  @EnumSource
  void aMinimalRequestIsTaken(MemcacheCommand row) {
    String request = request(row, " ", "");
    RequestView view = taken(request);
    assertThat(view.command()).isEqualTo(row);
    assertThat(view.noreply()).isFalse();
    assertThat(view.quit()).isEqualTo(row == MemcacheCommand.QUIT);
    assertThat(view.keyCount()).isEqualTo(row.keyShape() == KeyShape.NONE ? 0 : 1);
    if (view.keyCount() > 0) {
      assertThat(request.substring(view.keyStart(0), view.keyEnd(0))).isEqualTo("key");
      assertThat(view.unitStart(0)).isEqualTo(view.keyStart(0));
      assertThat(view.unitEnd(0)).isEqualTo(view.keyEnd(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void moreSpacesChangeNothing(MemcacheCommand row) {
    assertThat(taken("  " + request(row, "   ", "  ")).command()).isEqualTo(row);
  }

  @ParameterizedTest
  @EnumSource
  void noreplyIsFoundWhereTheRowAllowsIt(MemcacheCommand row) {
    String request = request(row, " ", "  noreply ");
    if (!row.allowsNoreply()) {
      if (row.arity().maximum() < Integer.MAX_VALUE) {
        refused(request);
      }
      return;
    }
    RequestView view = taken(request);
    assertThat(view.noreply()).isTrue();
    String cut = request.substring(0, view.noreplyStart()) + request.substring(view.noreplyEnd());
    assertThat(cut).isEqualTo(request(row, " ", " "));
    refused(request(row, " ", " noreply noreply"));
    refused(request(row, " ", " noreplyy"));
    refused(request(row, " ", " norepl"));
  }

  @ParameterizedTest
  @EnumSource
  void oneFieldTooFewOrTooMany(MemcacheCommand row) {
    List<String> fields = fields(row);
    if (fields.size() > 1) {
      refused(String.join(" ", fields.subList(0, fields.size() - 1)) + "\r\n");
    }
    if (row.arity().maximum() < Integer.MAX_VALUE) {
      refused(request(row, " ", " x"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void upperCaseIsRefused(MemcacheCommand row) {
    refused(request(row, " ", "").replace(row.wireName(), row.wireName().toUpperCase(Locale.ROOT)));
  }

  @ParameterizedTest
  @EnumSource
  void theLineEndsWithBothBytes(MemcacheCommand row) {
    refused(String.join(" ", fields(row)) + "\n");
    refused(String.join(" ", fields(row)) + "\r\r\n");
  }

  @ParameterizedTest
  @EnumSource
  void aKeyHasOneTo250BytesAtAnyCut(MemcacheCommand row) {
    if (row.keyShape() == KeyShape.NONE) {
      return;
    }
    String longest = request(row, " ", "").replace("key", "k".repeat(250));
    taken(longest);
    byte[] tooLong = Subject.bytes(longest.replace("kk", "kkk").substring(0, longest.length()));
    for (int cut = 0; cut < tooLong.length; cut++) {
      assertThat(Subject.MEMCACHE_REQUEST.describe(tooLong, cut))
          .contains("BAD_LINE refused NOT_UNDERSTOOD");
    }
    refused(request(row, " ", "").replace("key", ""));
  }

  @ParameterizedTest
  @EnumSource
  void noControlByteStandsInAKey(MemcacheCommand row) {
    if (row.keyShape() == KeyShape.NONE) {
      return;
    }
    for (char c = 0; c < 256; c++) {
      for (String key : List.of("k" + c, "kkkkkkkkkkk" + c + "kkkkkkkkkkkk")) {
        String request = request(row, " ", "").replace("key", key);
        if (c < ' ' || c == 0x7F) {
          refused(request);
        } else if (c > ' ') {
          taken(request);
        }
      }
    }
  }

  private static List<String> fields(MemcacheCommand row) {
    List<String> fields = new ArrayList<>(List.of(row.wireName()));
    row.numbers().forEach(number -> fields.add(number == NumberField.BYTES ? "4" : "7"));
    if (row.keyShape() != KeyShape.NONE) {
      fields.add(row.numbersFirst() ? fields.size() : 1, "key");
    }
    while (fields.size() < row.arity().minimum()) {
      fields.add("1");
    }
    return fields;
  }

  private static String request(MemcacheCommand row, String gap, String tail) {
    String data = row.hasData() ? "\r\n\r\n\r\n" : "";
    return String.join(gap, fields(row)) + tail + "\r\n" + data;
  }

  private static RequestView taken(String request) {
    RequestParser parser = new MemcacheRequestParser(Subject.LIMITS);
    byte[] bytes = Subject.bytes(request);
    assertThat(parser.parse(Subject.segment(bytes), 0, bytes.length))
        .as(request)
        .isEqualTo(ParseResult.OK);
    assertThat(parser.position()).isEqualTo(bytes.length);
    return parser.view();
  }

  private static void refused(String request) {
    assertThat(Subject.MEMCACHE_REQUEST.row(Subject.bytes(request)))
        .as(request)
        .startsWith("ERROR");
  }
}
