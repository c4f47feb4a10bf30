package twemlab.sim.run.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.differential.mirror.Wire;

/// Draws redis requests: right ones of every command, and wrong ones of every kind.
final class RedisRequests {
  private static final List<String> UNSUPPORTED =
      List.of(
          "ECHO",
          "HELLO",
          "CLIENT",
          "CONFIG",
          "INFO",
          "SCAN",
          "MIGRATE",
          "STRALGO",
          "BLPOP",
          "BRPOPLPUSH",
          "SCRIPT",
          "PROXY",
          "FLUSHALL",
          "TIME",
          "GETT",
          "G",
          "MGETS",
          "EXEC");
  private static final List<List<String>> LOCAL =
      List.of(
          List.of("COMMAND"),
          List.of("COMMAND", "COUNT"),
          List.of("command", "docs", "get"),
          List.of("ECHO", "hello"),
          List.of("SELECT", "0"),
          List.of("SELECT", "7"),
          List.of("CLIENT", "SETNAME", "me"),
          List.of("CLIENT", "SETINFO", "LIB-NAME", "x"),
          List.of("client", "getname"),
          List.of("CLIENT", "REPLY", "OFF"),
          List.of("CLIENT", "LIST"),
          List.of("HELLO", "3"),
          List.of("HELLO", "3", "AUTH", "default", "x"),
          List.of("PING", "text"),
          List.of("QUIT", "x"),
          List.of("INFO", "replication"),
          List.of("AUTH", "user", "sesame"));
  private static final List<String> REFUSED =
      List.of("MULTI", "WATCH", "SUBSCRIBE", "psubscribe", "SSUBSCRIBE", "MONITOR", "Reset");

  /// Lines of words, and what is no request at all.
  private static final List<String> INLINE =
      List.of(
          "*0\r\n",
          "*-1\r\n",
          "*-17\r\n",
          "PING\r\n",
          "PING\n",
          "GET a\r\n",
          "  get \"a\\x62\" \r\n",
          "SET 'a b' \"x\\r\\ny\"\r\n",
          "MGET a b c d e f g h\r\n",
          "NOSUCH 'x'\r\n",
          "\r\n",
          "\n",
          " \t \r\n",
          "+OK\r\n");

  /// Frames that both refuse, or that one refuses.
  private static final List<String> BROKEN =
      List.of(
          "*-0\r\n",
          "set \"a\r\n",
          "set 'a'b c\r\n",
          "*1\r\n$-1\r\n",
          "*1\r\n:4\r\n",
          "*2\r\n$3\r\nGET\r\n$1\r\nab\r\n",
          "*2\r\n$3\r\nGETX\r\n",
          "*1\r\n$4\nPING\r\n",
          "*1\n$4\r\nPING\r\n",
          "*x\r\n",
          "*1 \r\n$4\r\nPING\r\n",
          "*\r\n$4\r\nPING\r\n",
          "*2\r\n$3\r\nGET\r\n$01\r\na\r\n",
          "*02\r\n$3\r\nGET\r\n$1\r\na\r\n",
          "*2\r\n$3\r\nGET\r\n$4294967297\r\na\r\n",
          "*3000000\r\n$3\r\nDEL\r\n$1\r\na\r\n$1\r\nb\r\n");

  private final Choices choices;
  private final int mbufData;

  RedisRequests(Choices choices, int mbufBytes) {
    this.choices = choices;
    this.mbufData = mbufBytes - 48;
  }

  /// A request that both forward or answer.
  String valid() {
    if (choices.chance(1, 3)) {
      return several();
    }
    List<RedisTable.Row> rows = RedisTable.rows();
    RedisTable.Row row = choices.pick(rows);
    return switch (row.name()) {
      case "quit", "command", "move", "auth" -> Wire.resp(cased("ping"));
      case "ping" -> Wire.resp(cased("PING"));
      default -> request(row);
    };
  }

  private String request(RedisTable.Row row) {
    List<String> words = new ArrayList<>(List.of(cased(row.name())));
    int arguments = row.arguments() + (row.more() ? choices.below(4) : 0);
    switch (row.shape()) {
      case SCRIPT -> {
        words.add("return {1,{2},KEYS[1]}");
        int keys = choices.between(1, 3);
        words.add(keys + "");
        for (int i = 0; i < keys + choices.below(3); i++) {
          words.add(key());
        }
      }
      case KEYS, PAIRS -> {
        return several();
      }
      default -> {
        for (int i = 0; i < arguments; i++) {
          words.add(i == 0 ? key() : value());
        }
      }
    }
    return Wire.resp(words);
  }

  /// MGET, DEL, UNLINK, TOUCH or MSET.
  String several() {
    String name = choices.pick(List.of("mget", "mget", "del", "unlink", "touch", "mset"));
    List<String> words = new ArrayList<>(List.of(cased(name)));
    int keys = choices.chance(1, 8) ? choices.between(1, 300) : choices.between(1, 12);
    for (int i = 0; i < keys; i++) {
      words.add(key());
      if (name.equals("mset")) {
        words.add(value());
      }
    }
    return Wire.resp(words);
  }

  /// A request for one key.
  String get(String key) {
    return Wire.resp("GET", key);
  }

  /// A request that nutcracker closes at, or answers otherwise.
  String odd() {
    return switch (choices.below(7)) {
      case 0 -> unknown();
      case 1 -> wrongArity();
      case 2 -> Wire.resp(choices.pick(LOCAL));
      case 3 -> Wire.resp(cased("move"), key(), choices.below(9) + "");
      case 4 -> choices.pick(INLINE);
      case 5 -> choices.chance(1, 4) ? Wire.resp(choices.pick(REFUSED), "a") : unknown();
      default -> choices.chance(1, 3) ? broken() : wrongArity();
    };
  }

  private String unknown() {
    List<String> words = new ArrayList<>(List.of(cased(choices.pick(UNSUPPORTED))));
    if (words.getFirst().equalsIgnoreCase("client")) {
      words.add("KILL");
    }
    for (int i = choices.below(4); i > 0; i--) {
      words.add(value());
    }
    return Wire.resp(words);
  }

  private String wrongArity() {
    RedisTable.Row row = choices.pick(RedisTable.rows());
    List<String> words = new ArrayList<>(List.of(cased(row.name())));
    int wrong =
        switch (row.shape()) {
          case PAIRS -> choices.pick(List.of(0, 1, 3, 5));
          // ours takes EVAL without a key
          case SCRIPT -> choices.below(2);
          default ->
              row.more() || RedisTable.MORE_IN_OURS.contains(row.name())
                  ? row.arguments() - 1
                  : row.arguments() + choices.pick(List.of(-1, 1));
        };
    if (wrong < 0) {
      return Wire.resp(cased("get"));
    }
    for (int i = 0; i < wrong; i++) {
      words.add(i == 0 ? key() : value());
    }
    return Wire.resp(words);
  }

  /// Bytes that are no request.
  String broken() {
    if (choices.chance(1, 4)) {
      return Wire.resp("GET", "k".repeat(mbufData + choices.between(-2, 2)));
    }
    return choices.pick(BROKEN);
  }

  String key() {
    int n = choices.below(200);
    return switch (choices.below(20)) {
      case 0 -> "miss" + n;
      case 1, 2 -> "user:{" + n % 10 + "}:" + n;
      case 3 ->
          choices.pick(List.of("{}" + n, n + "{}", "{" + n, "}" + n + "{", "a{b{" + n + "}c}"));
      case 4 -> "\u00ff\u00fe\u0080" + n;
      case 5 -> choices.chance(1, 4) ? "" : "key:" + n;
      case 6 -> choices.chance(1, 6) ? "k".repeat(mbufData - 1 - choices.below(3)) : "key" + n;
      case 7 -> "a key with\r\nspaces" + n;
      default -> "k" + n;
    };
  }

  String value() {
    int size =
        switch (choices.below(12)) {
          case 0 -> 0;
          case 1 -> choices.between(mbufData - 60, mbufData + 60);
          case 2 -> choices.below(3 * mbufData);
          default -> choices.below(40);
        };
    return ("v" + choices.below(1000) + "\r\n").repeat(size / 4 + 1).substring(0, size);
  }

  private String cased(String name) {
    return switch (choices.below(3)) {
      case 0 -> name.toLowerCase(Locale.ROOT);
      case 1 -> name.toUpperCase(Locale.ROOT);
      default -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    };
  }
}
