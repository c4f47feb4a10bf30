package twemlab.sim.run.differential;

import static twemlab.sim.run.differential.Item.Treatment.BOTH_ANSWER;
import static twemlab.sim.run.differential.Item.Treatment.ENDS;
import static twemlab.sim.run.differential.Item.Treatment.NUTCRACKER_MAY_CLOSE;
import static twemlab.sim.run.differential.Item.Treatment.OURS_ANSWERS;
import static twemlab.sim.run.differential.Item.Treatment.OURS_ANSWERS_AND_CLOSES;
import static twemlab.sim.run.differential.Item.Treatment.OURS_FORWARDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import twemlab.sim.run.differential.mirror.Fault;
import twemlab.sim.run.differential.mirror.MirrorReplies;
import twemlab.sim.run.differential.mirror.Wire;

/// Redis requests, by section 6 of nutcracker's contract as `docs/` states it.
final class RedisReading implements Reading {
  private static final int NAME_SHOWN = 128;
  private static final int ELEMENTS_MAX = 1 << 20;
  private static final int BULK_MAX = 512 << 20;
  private static final String NUMKEYS_ERROR = "-ERR value is not an integer or out of range\r\n";
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
    Frame frame = new Frame(text, from);
    frame.read();
    if (frame.broken != null) {
      return frame.broken;
    }
    return frame.complete ? judge(text.substring(from, frame.at), frame) : null;
  }

  private Item judge(String bytes, Frame frame) {
    List<String> words = frame.words;
    String name = words.getFirst().toLowerCase(Locale.ROOT);
    RedisTable.Row row = RedisTable.find(name);
    if (row == null) {
      return other(bytes, name, words);
    }
    if (!row.takes(words.size()) && !name.equals("command")) {
      return wrongArity(bytes, name, words.size());
    }
    if (keyTooLong(row, words)) {
      return Item.broken(bytes);
    }
    if (row.shape() == RedisTable.Shape.SCRIPT) {
      return script(bytes, frame);
    }
    return switch (name) {
      case "quit" -> Item.of(bytes, ENDS, null, null);
      case "auth" -> {
        authenticated = password == null || words.get(1).equals(password);
        yield Item.same(bytes);
      }
      case "command" ->
          words.size() > 1
              ? other(bytes, name, words)
              : Item.of(bytes, BOTH_ANSWER, Rule.LOCAL, quoteOrNoauth("*0\r\n"));
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
          case SCRIPT -> 0;
        };
    int step = row.shape() == RedisTable.Shape.PAIRS ? 2 : 1;
    for (int i = 1; i <= last; i += step) {
      if (words.get(i).length() >= mbufData) {
        return true;
      }
    }
    return false;
  }

  private Item script(String bytes, Frame frame) {
    String count = frame.words.get(2);
    if (!count.matches("0*[1-9][0-9]{0,8}")) {
      return Item.answered(bytes, Rule.NUMKEYS, NUMKEYS_ERROR);
    }
    if (frame.words.get(3).length() >= mbufData) {
      return Item.broken(bytes);
    }
    return Item.same(bytes);
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

  private static Item wrongArity(String bytes, String name, int elements) {
    String line = "-ERR wrong number of arguments for '" + name + "' command\r\n";
    boolean namesUser = name.equals("auth") && elements == 3;
    return namesUser
        ? Item.of(bytes, OURS_ANSWERS_AND_CLOSES, Rule.WRONG_ARITY, Pattern.quote(line))
        : Item.answered(bytes, Rule.WRONG_ARITY, line);
  }

  private Item other(String bytes, String name, List<String> words) {
    String argument = words.size() > 1 ? words.get(1) : "";
    if (RedisTable.STATE.contains(name)) {
      return closing(bytes, unknown(name), Rule.STATE);
    }
    String answer =
        switch (name) {
          case "echo" -> words.size() == 2 ? Wire.bulk(argument) : null;
          case "select" ->
              words.size() != 2 ? null : argument.equals("0") ? "+OK\r\n" : unknown("SELECT");
          case "client" -> words.size() == 1 ? null : client(argument.toUpperCase(Locale.ROOT));
          case "command" -> argument.equalsIgnoreCase("count") ? ":N" : "*0\r\n";
          case "info" -> "INFO";
          case "time" -> words.size() == 1 ? "TIME" : null;
          case "hello" -> hello(words);
          default -> unknown(shown(words.getFirst()));
        };
    if (answer == null) {
      return wrongArity(bytes, name, words.size());
    }
    boolean known = RedisTable.LOCAL.contains(name);
    if (known && !authenticated && !answer.equals(unknown("HELLO"))) {
      return Item.answered(bytes, Rule.LOCAL, NOAUTH);
    }
    boolean closes = answer.equals(unknown("SELECT")) || answer.equals(unknown("CLIENT"));
    if (closes) {
      return closing(bytes, answer, Rule.STATE);
    }
    return Item.of(bytes, OURS_ANSWERS, known ? Rule.LOCAL : Rule.UNKNOWN_COMMAND, pattern(answer));
  }

  private static Item closing(String bytes, String line, Rule rule) {
    return Item.of(bytes, OURS_ANSWERS_AND_CLOSES, rule, Pattern.quote(line));
  }

  private static String client(String subcommand) {
    return switch (subcommand) {
      case "SETINFO", "SETNAME" -> "+OK\r\n";
      case "GETNAME" -> "$-1\r\n";
      case "ID" -> ":N";
      case "REPLY" -> unknown("CLIENT");
      default -> "-ERR unknown subcommand '" + shown(subcommand) + "'\r\n";
    };
  }

  private static String hello(List<String> words) {
    if (words.size() > 1 && !words.get(1).equals("2")) {
      return unknown("HELLO");
    }
    return words.size() > 2 ? "-ERR syntax error\r\n" : "HELLO";
  }

  /// The answers that are not the same each time.
  private static String pattern(String answer) {
    return switch (answer) {
      case ":N" -> ":[0-9]+\r\n";
      case "TIME" -> "\\*2\r\n\\$[0-9]+\r\n[0-9]+\r\n\\$[0-9]+\r\n[0-9]+\r\n";
      case "INFO" -> "\\$[0-9]+\r\n# Server\r\nredis_version:7[^$]*redis_mode:standalone\r\n\r\n";
      case "HELLO" -> "\\*14\r\n\\$6\r\nserver\r\n\\$5\r\nredis\r\n[^*]*\\*0\r\n";
      default -> Pattern.quote(answer);
    };
  }

  private String quoteOrNoauth(String answer) {
    return Pattern.quote(authenticated ? answer : NOAUTH);
  }

  private static String unknown(String name) {
    return "-ERR unknown command '" + name + "'\r\n";
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
      if (count == 0 && broken == null) {
        broken = Item.broken(text.substring(from));
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

    private boolean lineEnd() {
      for (char expected : new char[] {'\r', '\n'}) {
        if (at == text.length()) {
          return false;
        }
        if (text.charAt(at) != expected) {
          broken = Item.broken(text.substring(from));
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
      int digits = at + 1;
      int end = digits;
      while (end < text.length() && Character.isDigit(text.charAt(end))) {
        end++;
      }
      if (text.charAt(at) != mark || (end < text.length() && end == digits)) {
        broken = Item.broken(text.substring(from));
        return -1;
      }
      String number = text.substring(digits, end);
      if (number.length() > 1 && number.charAt(0) == '0') {
        broken = Item.refused(text.substring(from), Rule.LEADING_ZERO);
        return -1;
      }
      if (number.length() > 10 || (!number.isEmpty() && Long.parseLong(number) > maximum)) {
        broken = Item.refused(text.substring(from), Rule.LENGTH_RANGE);
        return -1;
      }
      at = end;
      return lineEnd() ? Long.parseLong(number) : -1;
    }
  }
}
