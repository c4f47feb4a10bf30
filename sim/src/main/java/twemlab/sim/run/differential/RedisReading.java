package twemlab.sim.run.differential;

import static twemlab.sim.run.differential.Item.Treatment.BOTH_ANSWER;
import static twemlab.sim.run.differential.Item.Treatment.NUTCRACKER_MAY_CLOSE;
import static twemlab.sim.run.differential.Item.Treatment.OURS_ANSWERS;
import static twemlab.sim.run.differential.Item.Treatment.OURS_ANSWERS_AND_CLOSES;
import static twemlab.sim.run.differential.Item.Treatment.OURS_CLOSES;
import static twemlab.sim.run.differential.Item.Treatment.OURS_FORWARDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import twemlab.sim.run.differential.mirror.Fault;
import twemlab.sim.run.differential.mirror.MirrorReplies;
import twemlab.sim.run.differential.mirror.Wire;

/// Redis requests, by section 6 of nutcracker's contract as `docs/` states it.
final class RedisReading implements Reading {
  private static final int NAME_SHOWN = 128;
  private static final int ELEMENTS_MAX = 1 << 20;
  private static final int BULK_MAX = 512 << 20;
  private static final String PROTOCOL_ERROR = "-ERR Protocol error: [^\r]*\r\n";
  private static final String REFUSED =
      "-ERR ([^\r]*this proxy[^\r]*|wrong number of arguments for [^\r]*|EXEC without MULTI)\r\n";
  private static final String REFUSED_OR_NOAUTH = "(" + REFUSED + "|-NOAUTH [^\r]*\r\n)";

  /// An answer behind which the connection closes.
  private static final String CLOSING = "closing";

  private static final String NOAUTH = "-NOAUTH Authentication required\r\n";

  /// Bytes of data in an mbuf.
  private final int mbufData;

  private final String password;
  private boolean authenticated;

  RedisReading(int mbufBytes, String password) {
    this.mbufData = mbufBytes - 48;
    this.password = password;
    this.authenticated = password == null;
  }

  @Override
  public boolean authenticated() {
    return authenticated;
  }

  @Override
  public Item next(String text, int from) {
    if (text.charAt(from) != '*') {
      return line(text, from);
    }
    Frame frame = new Frame(text, from);
    frame.read();
    if (frame.broken != null) {
      return frame.broken;
    }
    return frame.complete ? judge(text.substring(from, frame.at), frame.words) : null;
  }

  /// nutcracker closes at its first byte.
  private Item line(String text, int from) {
    int end = text.indexOf('\n', from);
    int nul = text.indexOf('\0', from);
    if (end < 0 || (nul >= 0 && nul < end)) {
      return null;
    }
    String bytes = text.substring(from, end + 1);
    List<String> words = InlineWords.of(bytes.replaceFirst("\r?\n$", ""));
    if (words == null) {
      return Frame.broken(text.substring(from));
    }
    if (words.isEmpty()) {
      return Item.of(bytes, OURS_ANSWERS, Rule.EMPTY, "");
    }
    Item item = judge(Wire.resp(words), words);
    return switch (item.treatment()) {
      case SAME, NUTCRACKER_MAY_CLOSE ->
          new Item(bytes, OURS_FORWARDS, Rule.INLINE, null, item.bytes(), UnaryOperator.identity());
      default -> new Item(bytes, OURS_ANSWERS, Rule.INLINE, item.ours(), null, null);
    };
  }

  private Item judge(String bytes, List<String> words) {
    String name = words.getFirst().toLowerCase(Locale.ROOT);
    RedisTable.Row row = RedisTable.find(name);
    if (row == null) {
      return other(bytes, name, words);
    }
    if (!row.takes(words.size()) && !name.equals("command")) {
      return wrongArity(bytes, name, words);
    }
    if (keyTooLong(row, words)) {
      String line =
          "-ERR the key is longer than this proxy takes, at most " + (mbufData - 1) + " bytes\r\n";
      return Item.answered(bytes, Rule.KEY_TOO_LONG, authenticated ? line : NOAUTH);
    }
    return switch (name) {
      case "quit" -> quit(bytes);
      case "auth" -> {
        authenticated = password == null || words.get(1).equals(password);
        yield Item.same(bytes);
      }
      case "command" ->
          words.size() > 1
              ? other(bytes, name, words)
              : Item.of(
                  bytes,
                  BOTH_ANSWER,
                  Rule.LOCAL,
                  authenticated ? pattern("COMMAND") : Pattern.quote(NOAUTH));
      case "move" -> move(bytes, words);
      default -> forwarded(bytes, row, words);
    };
  }

  private Item forwarded(String bytes, RedisTable.Row row, List<String> words) {
    Fault fault = words.size() > 1 ? Fault.of(words.get(1)) : Fault.NONE;
    boolean severalKeys = row.shape() == RedisTable.Shape.KEYS && words.size() > 2;
    boolean multiGet = severalKeys && row.name().equals("mget");
    if (!authenticated) {
      return Item.same(bytes);
    }
    return switch (fault) {
      case OOM, BUSY, LOADING ->
          Item.of(bytes, BOTH_ANSWER, Rule.B6, Pattern.quote(MirrorReplies.transientError(fault)));
      default -> multiGet ? Item.of(bytes, NUTCRACKER_MAY_CLOSE, Rule.C17, null) : Item.same(bytes);
    };
  }

  private boolean keyTooLong(RedisTable.Row row, List<String> words) {
    int last =
        switch (row.shape()) {
          case NONE, LOCAL -> 0;
          case FIRST -> 1;
          case KEYS, PAIRS -> words.size() - 1;
          case SCRIPT -> 3;
        };
    int step = row.shape() == RedisTable.Shape.PAIRS ? 2 : 1;
    for (int i = row.shape() == RedisTable.Shape.SCRIPT ? 3 : 1; i <= last; i += step) {
      if (words.get(i).length() >= mbufData) {
        return true;
      }
    }
    return false;
  }

  private static Item quit(String bytes) {
    return Item.of(bytes, OURS_ANSWERS_AND_CLOSES, Rule.QUIT, Pattern.quote("+OK\r\n"));
  }

  /// nutcracker does with HGET what ours does with MOVE.
  private Item move(String bytes, List<String> words) {
    if (!authenticated) {
      return Item.same(bytes);
    }
    String substitute = Wire.resp("hget", words.get(1), words.get(2));
    int before = Wire.hash(List.of("hget", words.get(1), words.get(2)).toString());
    int after = Wire.hash(List.of(words.getFirst(), words.get(1), words.get(2)).toString());
    return new Item(
        bytes,
        OURS_FORWARDS,
        Rule.MOVE,
        null,
        substitute,
        text -> MoveTranslation.of(text, words.getFirst(), before, after));
  }

  private Item wrongArity(String bytes, String name, List<String> words) {
    if (name.equals("quit")) {
      return quit(bytes);
    }
    if (name.equals("ping") && words.size() == 2) {
      String answer = authenticated ? Wire.bulk(words.get(1)) : NOAUTH;
      return Item.answered(bytes, Rule.LOCAL, answer);
    }
    if (name.equals("auth") && words.size() == 3 && !words.get(1).equals("default")) {
      return Item.of(bytes, OURS_ANSWERS, Rule.LOCAL, "-WRONGPASS [^\r]*\r\n");
    }
    String line = "-ERR wrong number of arguments for '" + name + "' command\r\n";
    return Item.answered(bytes, Rule.WRONG_ARITY, line);
  }

  private Item other(String bytes, String name, List<String> words) {
    if (RedisTable.REFUSED.contains(name)) {
      return Item.of(bytes, OURS_ANSWERS, Rule.REFUSED, REFUSED_OR_NOAUTH);
    }
    String argument = words.size() > 1 ? words.get(1) : "";
    String answer =
        switch (name) {
          case "echo" -> words.size() == 2 ? Wire.bulk(argument) : null;
          case "select" -> words.size() != 2 ? null : argument.equals("0") ? "+OK\r\n" : CLOSING;
          case "client" -> words.size() == 1 ? null : client(words);
          case "command" -> command(argument);
          case "info" -> "INFO";
          case "time" -> words.size() == 1 ? "TIME" : null;
          case "hello" -> hello(words);
          default -> unknown(shown(words.getFirst()));
        };
    if (answer == null) {
      return wrongArity(bytes, name, words);
    }
    boolean known = RedisTable.LOCAL.contains(name);
    if (known && !authenticated && !answer.equals("NOPROTO")) {
      return Item.answered(bytes, Rule.LOCAL, NOAUTH);
    }
    if (answer.equals(CLOSING)) {
      return Item.of(bytes, OURS_ANSWERS_AND_CLOSES, Rule.STATE, REFUSED);
    }
    return Item.of(bytes, OURS_ANSWERS, known ? Rule.LOCAL : Rule.UNKNOWN_COMMAND, pattern(answer));
  }

  private static String command(String subcommand) {
    return switch (subcommand.toUpperCase(Locale.ROOT)) {
      case "COUNT" -> ":N";
      case "DOCS" -> "DOCS";
      default -> "REFUSED";
    };
  }

  private static String client(List<String> words) {
    String argument = words.size() > 2 ? words.get(2) : "";
    return switch (words.get(1).toUpperCase(Locale.ROOT)) {
      case "SETINFO", "SETNAME" -> "+OK\r\n";
      case "GETNAME" -> "$-1\r\n";
      case "ID" -> ":N";
      case "REPLY" -> argument.equalsIgnoreCase("on") ? "+OK\r\n" : CLOSING;
      default -> "REFUSED";
    };
  }

  private static String hello(List<String> words) {
    if (words.size() > 1 && !words.get(1).equals("2")) {
      return "NOPROTO";
    }
    return words.size() > 2 ? "-ERR syntax error\r\n" : "HELLO";
  }

  /// The answers that are not the same each time.
  private static String pattern(String answer) {
    return switch (answer) {
      case ":N" -> ":[0-9]+\r\n";
      case "TIME" -> "\\*2\r\n\\$[0-9]+\r\n[0-9]+\r\n\\$[0-9]+\r\n[0-9]+\r\n";
      case "INFO" -> "\\$[0-9]+\r\n(# [A-Z][a-z]+\r\n([a-z_]+:[^\r]*\r\n)+(\r\n)?)*\r\n";
      case "NOPROTO" -> "-(NOPROTO|ERR Protocol version) [^\r]*\r\n";
      case "REFUSED" -> REFUSED;
      case "DOCS" ->
          "\\*[0-9]+\r\n(\\$3\r\nget\r\n\\*2\r\n\\$7\r\nsummary\r\n\\$[0-9]+\r\n[^\r]*\r\n)*";
      case "COMMAND" ->
          "\\*[0-9]+\r\n(\\*10\r\n\\$[0-9]+\r\n[a-z_]+\r\n:-?[0-9]+\r\n\\*[01]\r\n"
              + "(\\+movablekeys\r\n)?:[0-9]+\r\n:-?[0-9]+\r\n:[0-9]+\r\n(\\*0\r\n){4})++";
      case "HELLO" -> "\\*14\r\n\\$6\r\nserver\r\n\\$5\r\nredis\r\n[^*]*\\*0\r\n";
      default -> Pattern.quote(answer);
    };
  }

  private static String unknown(String name) {
    return "-ERR unknown command '" + name + "': not supported by this proxy\r\n";
  }

  private static String shown(String name) {
    String cut = name.substring(0, Math.min(name.length(), NAME_SHOWN));
    return cut.replaceAll("[\\x00-\\x1f\\x7f]", " ");
  }

  /// The elements of one request.
  private static final class Frame {
    private final String text;
    private final int from;
    private int at;
    private Item broken;
    private boolean complete;
    private final List<String> words = new ArrayList<>();

    Frame(String text, int from) {
      this.text = text;
      this.from = from;
      this.at = from;
    }

    void read() {
      long count = number('*', ELEMENTS_MAX);
      if (count <= 0 && broken == null && at > from) {
        broken = Item.of(text.substring(from, at), OURS_ANSWERS, Rule.EMPTY, "");
      }
      for (long i = 0; i < count && broken == null; i++) {
        long length = number('$', BULK_MAX);
        if (length < 0 || broken != null) {
          return;
        }
        int end = (int) (at + length);
        if (end > text.length()) {
          return;
        }
        words.add(text.substring(at, end));
        at = end;
        if (!lineEnd()) {
          return;
        }
        complete = i == count - 1;
      }
    }

    static Item broken(String bytes) {
      return Item.of(bytes, OURS_ANSWERS_AND_CLOSES, Rule.PROTOCOL_ERROR, PROTOCOL_ERROR);
    }

    private boolean lineEnd() {
      for (char expected : new char[] {'\r', '\n'}) {
        if (at == text.length()) {
          return false;
        }
        if (text.charAt(at) != expected) {
          broken = broken(text.substring(from));
          return false;
        }
        at++;
      }
      return true;
    }

    /// -1 if it is incomplete or broken.
    private long number(char mark, long maximum) {
      if (at == text.length()) {
        return -1;
      }
      boolean negative = mark == '*' && text.startsWith("*-", at);
      int digits = negative ? at + 2 : at + 1;
      int end = digits;
      while (end < text.length() && Character.isDigit(text.charAt(end))) {
        end++;
      }
      if (text.charAt(at) != mark || (end < text.length() && end == digits)) {
        broken = broken(text.substring(from));
        return -1;
      }
      String number = text.substring(digits, end);
      if (negative && number.startsWith("0")) {
        broken = broken(text.substring(from));
        return -1;
      }
      if (number.length() > 1 && number.charAt(0) == '0') {
        broken = Item.of(text.substring(from), OURS_CLOSES, Rule.LEADING_ZERO, PROTOCOL_ERROR);
        return -1;
      }
      if (number.length() > 10 || (!number.isEmpty() && Long.parseLong(number) > maximum)) {
        broken = Item.of(text.substring(from), OURS_CLOSES, Rule.LENGTH_RANGE, PROTOCOL_ERROR);
        return -1;
      }
      int before = at;
      at = end;
      if (!lineEnd()) {
        at = before;
        return -1;
      }
      return negative ? 0 : Long.parseLong(number);
    }
  }
}
