package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import twemlab.protocol.command.Arity;
import twemlab.protocol.command.Handling;
import twemlab.protocol.command.KeyShape;
import twemlab.protocol.command.RedisCommand;
import twemlab.proxy.wire.Arguments;

/// The replies to `COMMAND`: what the proxy supports, from the rows of the table.
final class CommandReplies {
  private static final List<RedisCommand> SUPPORTED =
      Arrays.stream(RedisCommand.values())
          .filter(row -> row.handling() != Handling.REFUSE)
          .toList();

  private static final byte[] ALL =
      array(SUPPORTED.stream().map(CommandReplies::entry).toList()).getBytes(US_ASCII);

  private static final byte[] NAMES =
      array(SUPPORTED.stream().map(row -> bulk(row.wireName())).toList()).getBytes(US_ASCII);

  private static final byte[] DOCS = docs(SUPPORTED).getBytes(US_ASCII);
  private static final byte[] COUNT = (":" + SUPPORTED.size() + "\r\n").getBytes(US_ASCII);

  /// `INFO` and `DOCS` look at so many names.
  private static final int NAMES_MAX = 1024;

  private CommandReplies() {}

  /// The reply to `COMMAND`, or to one of its subcommands.
  ///
  /// @param given whether there is a subcommand, which is the current argument
  static byte[] of(Arguments arguments, boolean given) {
    if (!given) {
      return ALL;
    } else if (arguments.is("COUNT")) {
      return COUNT;
    } else if (arguments.is("LIST") && arguments.left() == 0) {
      return NAMES;
    } else if (arguments.is("INFO")) {
      return arguments.left() == 0 ? ALL : infos(arguments);
    } else if (arguments.is("DOCS")) {
      return arguments.left() == 0 ? DOCS : someDocs(arguments);
    }
    return Refusals.line(
        Refusals.unsupported(
            "COMMAND " + arguments.printable(), "it answers COUNT, DOCS, INFO, LIST"));
  }

  private static byte[] infos(Arguments arguments) {
    int names = Math.min(arguments.left(), NAMES_MAX);
    StringBuilder reply = new StringBuilder("*" + names + "\r\n");
    for (int i = 0; i < names; i++) {
      arguments.next();
      RedisCommand row = find(arguments);
      reply.append(row == null ? "*-1\r\n" : entry(row));
    }
    return reply.toString().getBytes(US_ASCII);
  }

  private static byte[] someDocs(Arguments arguments) {
    int names = Math.min(arguments.left(), NAMES_MAX);
    StringBuilder reply = new StringBuilder();
    int found = 0;
    for (int i = 0; i < names; i++) {
      arguments.next();
      RedisCommand row = find(arguments);
      if (row != null) {
        reply.append(doc(row));
        found++;
      }
    }
    return ("*" + 2 * found + "\r\n" + reply).getBytes(US_ASCII);
  }

  private static RedisCommand find(Arguments arguments) {
    for (RedisCommand row : SUPPORTED) {
      if (arguments.is(row.name())) {
        return row;
      }
    }
    return null;
  }

  /// Name, arity, flags, first key, last key, step, categories, tips, key specifications,
  /// subcommands: as redis 7 has it. What the proxy does not know of a command is empty.
  private static String entry(RedisCommand row) {
    KeyShape keys = row.keyShape();
    boolean keyless = keys == KeyShape.NONE;
    int last = keys.last() == Integer.MAX_VALUE ? -1 : keys.last();
    boolean counted = keys.numkeysAt() > 0;
    return "*10\r\n"
        + bulk(row.wireName())
        + integer(arity(row.arity()))
        + (counted ? "*1\r\n+movablekeys\r\n" : "*0\r\n")
        + integer(keyless || counted ? 0 : keys.first())
        + integer(keyless || counted ? 0 : last)
        + integer(keyless || counted ? 0 : keys.step())
        + "*0\r\n*0\r\n*0\r\n*0\r\n";
  }

  /// redis says `-3` for three elements or more.
  private static int arity(Arity arity) {
    return arity.minimum() == arity.maximum() ? arity.minimum() : -arity.minimum();
  }

  private static String docs(List<RedisCommand> rows) {
    return "*"
        + 2 * rows.size()
        + "\r\n"
        + rows.stream().map(CommandReplies::doc).collect(Collectors.joining());
  }

  private static String doc(RedisCommand row) {
    String summary =
        row.handling() == Handling.LOCAL
            ? "Answered by the proxy."
            : "Forwarded by the proxy to the server that owns the key.";
    return bulk(row.wireName()) + "*2\r\n" + bulk("summary") + bulk(summary);
  }

  private static String array(List<String> elements) {
    return "*" + elements.size() + "\r\n" + String.join("", elements);
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private static String integer(int number) {
    return ":" + number + "\r\n";
  }
}
