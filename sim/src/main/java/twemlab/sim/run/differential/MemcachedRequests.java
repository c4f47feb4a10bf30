package twemlab.sim.run.differential;

import java.util.List;
import twemlab.sim.choice.Choices;

/// Draws memcached requests: right ones of every command, and wrong ones of every kind.
final class MemcachedRequests {
  private static final List<String> WRONG =
      List.of(
          "GET a\r\n",
          "stats\r\n",
          "flush_all\r\n",
          "verbosity 1\r\n",
          "mg a v\r\n",
          "get\r\n",
          "get \r\n",
          "gets  \r\n",
          "delete\r\n",
          "set a 0 0\r\n",
          "set a 0 0 \r\nx\r\n",
          "set a x 0 1\r\nx\r\n",
          "set a x 0 1 noreply\r\nx\r\n",
          "incr a x noreply\r\n",
          "set a x 0 0\r\n",
          "set a 0 0 1 norep\r\nx\r\n",
          "set a 0 0 2\r\nx\r\n",
          "set a 0 0 1\r\nxyz\r\n",
          "cas a 0 0 1\r\nx\r\n",
          "incr a\r\n",
          "incr a x\r\n",
          "touch a\r\n",
          "version 1\r\n",
          "quit now\r\n",
          "getx a\r\n",
          "\r\n",
          "   \r\n",
          "veryverylongcommand a\r\n",
          "\u0080\u0002\u0000\r\n");

  private static final List<String> REFUSED =
      List.of(
          "get a\u0001b\r\n",
          "get a\tb\r\n",
          "set a\u0000b 0 0 1\r\nx\r\n",
          "set k 4294967296 0 1\r\nx\r\n",
          "set k 0 9223372036854775808 1\r\nx\r\n",
          "incr k 18446744073709551616\r\n",
          "cas k 0 0 1 18446744073709551616\r\nx\r\n");

  private final Choices choices;
  private final int mbufData;

  MemcachedRequests(Choices choices, int mbufBytes) {
    this.choices = choices;
    this.mbufData = mbufBytes - 48;
  }

  /// A request that both forward.
  String valid() {
    return switch (choices.below(10)) {
      case 0, 1 -> "get " + key() + "\r\n";
      case 2, 3 -> several();
      case 4 -> choices.pick(List.of("incr ", "decr ")) + key() + " " + delta() + silent() + "\r\n";
      case 5 -> "touch " + key() + " " + choices.below(1000) + silent() + "\r\n";
      case 6 -> "delete " + key() + silent() + "\r\n";
      case 7 -> choices.chance(1, 3) ? "version\r\n" : "  get   " + key() + "  \r\n";
      default -> store();
    };
  }

  /// get or gets of several keys.
  String several() {
    StringBuilder line = new StringBuilder(choices.pick(List.of("get", "gets")));
    int keys = choices.chance(1, 8) ? choices.between(1, 200) : choices.between(1, 12);
    for (int i = 0; i < keys; i++) {
      line.append(" ".repeat(choices.chance(1, 20) ? 3 : 1)).append(key());
    }
    return line + "\r\n";
  }

  private String store() {
    String verb =
        choices.pick(List.of("set", "set", "set", "add", "replace", "append", "prepend", "cas"));
    String data = value();
    String cas = verb.equals("cas") ? " " + choices.below(1 << 30) : "";
    String numbers = " " + choices.below(1 << 16) + " " + choices.below(100) + " " + data.length();
    return verb + " " + key() + numbers + cas + silent() + "\r\n" + data + "\r\n";
  }

  private String delta() {
    return choices.chance(1, 6) ? "18446744073709551615" : choices.below(1000) + "";
  }

  private String silent() {
    return choices.chance(1, 8) ? choices.pick(List.of(" noreply", "  noreply ")) : "";
  }

  /// A line that closes the connection to nutcracker.
  String odd() {
    return switch (choices.below(5)) {
      case 0 -> choices.pick(REFUSED);
      case 1 -> "get " + "k".repeat(choices.between(249, 252)) + "\r\n";
      case 2 -> " ".repeat(choices.between(90, 110)) + "get a\r\n";
      default -> choices.pick(WRONG);
    };
  }

  String key() {
    int n = choices.below(200);
    return switch (choices.below(16)) {
      case 0, 1 -> "miss" + n;
      case 2 -> "user:{" + n % 10 + "}:" + n;
      case 3 -> choices.pick(List.of("{}" + n, n + "{}", "{" + n, "}" + n + "{"));
      case 4 -> "\u00ff\u00fe\u0080" + n;
      case 5 -> choices.chance(1, 3) ? "k".repeat(250 - choices.below(3)) : "key:" + n;
      default -> "k" + n;
    };
  }

  private String value() {
    int size =
        switch (choices.below(12)) {
          case 0 -> 0;
          case 1 -> choices.between(mbufData - 60, mbufData + 60);
          case 2 -> choices.below(3 * mbufData);
          default -> choices.below(40);
        };
    return ("v" + choices.below(1000) + "\r\n").repeat(size / 4 + 1).substring(0, size);
  }
}
