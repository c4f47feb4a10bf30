package twemlab.protocol;

import java.math.BigInteger;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The rules by which these parsers differ from twemproxy's on purpose, as code.
/// `docs/deviations.md` gives the reason of each under the same id.
///
/// A rule looks at the input alone, never at what the parser under test says. Each has an example
/// that shows it at work.
@SuppressWarnings("ImmutableEnumChecker") // the predicates have no state
enum Deviation {
  KEY_CONTROL_BYTE(
      Subject.MEMCACHE_REQUEST,
      "get a\nb\r\n",
      "^ *(gets?( +[^ \\r]+)*|(?!gets? )[a-z]+) +[^ \\r]*[\\x00-\\x1f\\x7f&&[^\\r]]"),
  KEY_LENGTH(
      Subject.MEMCACHE_REQUEST, "get " + "k".repeat(251), "^ *[a-z]+ ([^\\r]* )?[^ \\r]{251}"),
  NOREPLY_WORD(
      Subject.MEMCACHE_REQUEST,
      "delete k noreplx",
      "^ *(?!gets? )[a-z]+ +[^ ]+( +-?[0-9]+)* +n(?!(o(r(e(p(l(y([ \\r"
          + "]|\\z)|\\z)|\\z)|\\z)|\\z)|\\z)|\\z))"),
  VERB_LENGTH(Subject.MEMCACHE_REQUEST, "prependprepend", "^ *[a-z]{9}"),
  NUMBER_RANGE(
      Subject.MEMCACHE_REQUEST, "set k 4294967296 0 1\r\na\r\n", Deviation::hasNumberOutOfRange),
  LINE_LENGTH(
      Subject.MEMCACHE_REQUEST,
      "set k" + " ".repeat(2048) + "0 0 1\r\na\r\n",
      "^( {101}|(?! *gets? )[^\\r]{2049})"),
  LEADING_ZERO(Subject.REDIS_REQUEST, "*02\r\n$3\r\nget\r\n$1\r\nk\r\n", "(^\\*|\\r\\n[$])0[0-9]"),
  LENGTH_RANGE(
      Subject.REDIS_REQUEST,
      "*2\r\n$3\r\nget\r\n$4294967297\r\nk\r\n",
      Deviation::hasLengthOutOfRange),
  COMMAND_ARGUMENTS(
      Subject.REDIS_REQUEST,
      "*2\r\n$7\r\ncommand\r\n$5\r\ncount\r\n",
      "^\\*(?!1\\r)[0-9]+\\r\\n[$]7\\r\\n(?i:command)"),
  MORE_ARGUMENTS(
      Subject.REDIS_REQUEST,
      "*4\r\n$6\r\nexpire\r\n$1\r\nk\r\n$2\r\n10\r\n$2\r\nnx\r\n",
      "^\\*([0-9]+\\r\\n[$][0-9]+\\r\\n(?i:p?expire(at)?|z(rev)?rank|eval(sha)?)"
          + "|(?!1\\r)[0-9]+\\r\\n[$]4\\r\\n(?i:ping|quit)"
          + "|(?!2\\r)[0-9]+\\r\\n[$]4\\r\\n(?i:auth))\\r"),
  REPLY_NULL(Subject.REDIS_REPLY, "$-2\r\n", "(^|\\n)[$*]([0-9]+-|-(?!\\z|1\\z|1\\r))"),
  REPLY_INTEGER(Subject.REDIS_REPLY, ":1-\r\n", "(^|\\n):(?!-?\\z|-?[0-9]+(\\r|\\z))"),
  REPLY_LENGTH(Subject.REDIS_REPLY, "$18446744073709551617\r\na\r\n", "(^|\\n)[$*][0-9]{10}"),
  REPLY_KEY(
      Subject.MEMCACHE_REPLY,
      "VALUE a\nb 0 1\r\nx\r\nEND\r\n",
      "VALUE +([^ ]*[\\x00-\\x1f\\x7f]|[^ ]{251})"),
  REPLY_WORD(Subject.MEMCACHE_REPLY, "CLIENT_ERRORS", "^[^ \\r0-9][^ \\r]{12}"),
  REPLY_BYTES(
      Subject.MEMCACHE_REPLY,
      "VALUE a 0 18446744073709551617\r\nx\r\nEND\r\n",
      "VALUE +[^ ]+ +[0-9]+ +[0-9]{10}");

  final Subject subject;
  final String example;
  private final Predicate<String> covers;

  Deviation(Subject subject, String example, String pattern) {
    this(subject, example, Pattern.compile(pattern, Pattern.DOTALL).asPredicate());
  }

  Deviation(Subject subject, String example, Predicate<String> covers) {
    this.subject = subject;
    this.example = example;
    this.covers = covers;
  }

  /// The id in the page.
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether the rule speaks about this input.
  boolean covers(Subject subject, String input) {
    return this.subject == subject && covers.test(input);
  }

  private static boolean hasNumberOutOfRange(String input) {
    String line = input.split("\r", 2)[0].strip();
    String[] fields = line.split(" +", -1);
    String[] limits =
        switch (fields[0]) {
          case "set", "add", "replace", "append", "prepend" ->
              new String[] {"4294967295", "9223372036854775807", "536870912"};
          case "cas" ->
              new String[] {
                "4294967295", "9223372036854775807", "536870912", "18446744073709551615"
              };
          case "incr", "decr" -> new String[] {"18446744073709551615"};
          case "touch" -> new String[] {"9223372036854775807"};
          default -> new String[0];
        };
    for (int i = 0; i < limits.length && i + 2 < fields.length; i++) {
      String digits = fields[i + 2].replaceFirst("^-?0*", "");
      if (digits.matches("[0-9]+") && isLarger(digits, limits[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLengthOutOfRange(String input) {
    return Pattern.compile("(^\\*([0-9]{7,})|\\r\\n[$]([0-9]{9,}))")
        .matcher(input)
        .results()
        .anyMatch(
            match ->
                match.group(2) != null
                    ? isLarger(match.group(2), "1048576")
                    : isLarger(match.group(3), "536870912"));
  }

  private static boolean isLarger(String digits, String limit) {
    return new BigInteger(digits).compareTo(new BigInteger(limit)) > 0;
  }
}
