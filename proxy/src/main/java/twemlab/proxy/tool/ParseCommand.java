package twemlab.proxy.tool;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import twemlab.protocol.Limits;
import twemlab.protocol.MemcacheReplyParser;
import twemlab.protocol.MemcacheRequestParser;
import twemlab.protocol.ParserRow;
import twemlab.protocol.RedisReplyParser;
import twemlab.protocol.RedisRequestParser;
import twemlab.protocol.ReplyParser;
import twemlab.protocol.RequestParser;

/// `twemlab parse`: messages in hex to the rows of `parser-cases.tsv`.
@Command(
    name = "twemlab parse",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = {
      "Parses messages. Each input line has three columns, separated by tabs: the protocol"
          + " (memcache or redis), the kind (req or rsp), and the bytes in hex, or - for none.",
      "Each output line has the same columns and what the parser says of the bytes as one buffer:"
          + " result (OK, AGAIN, ERROR), type, consumed bytes, keys as start:end, noreply, quit."
    },
    footer = "Example: printf 'memcache\\treq\\t676574206b0d0a\\n' | twemlab parse")
public final class ParseCommand implements Callable<Integer> {
  private static final int INPUT_COLUMNS = 3;

  /// A row of the table itself is taken too; what it says of the result is not looked at.
  private static final int TABLE_COLUMNS = 9;

  private final Streams streams;
  private final RequestParser redisRequests = new RedisRequestParser(Limits.standard());
  private final RequestParser memcacheRequests = new MemcacheRequestParser(Limits.standard());
  private final ReplyParser redisReplies = new RedisReplyParser();
  private final ReplyParser memcacheReplies = new MemcacheReplyParser();

  ParseCommand(Streams streams) {
    this.streams = streams;
  }

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    Streams streams = Streams.ofProcess();
    System.exit(Launch.run(new ParseCommand(streams), streams, arguments));
  }

  @Override
  public Integer call() throws IOException {
    return new LineFilter(streams).run(this::row);
  }

  private String row(String line) throws BadLine {
    String[] columns = line.split("\t", -1);
    if (columns.length != INPUT_COLUMNS && columns.length != TABLE_COLUMNS) {
      throw new BadLine(columns.length + " columns; accepted: protocol, kind, bytes in hex");
    }
    boolean redis = choice("protocol", columns[0], "redis", "memcache");
    boolean request = choice("kind", columns[1], "req", "rsp");
    byte[] bytes = Columns.hex(columns[2]);
    String answer = request ? request(redis, bytes) : reply(redis, bytes);
    return columns[0] + "\t" + columns[1] + "\t" + Columns.hex(bytes) + "\t" + answer;
  }

  private static boolean choice(String column, String value, String first, String second)
      throws BadLine {
    if (!value.equals(first) && !value.equals(second)) {
      throw new BadLine(
          column + " '" + Columns.shown(value) + "'; accepted: " + first + ", " + second);
    }
    return value.equals(first);
  }

  private String request(boolean redis, byte[] bytes) {
    RequestParser parser = redis ? redisRequests : memcacheRequests;
    parser.reset();
    return ParserRow.request(parser, MemorySegment.ofArray(bytes));
  }

  private String reply(boolean redis, byte[] bytes) {
    ReplyParser parser = redis ? redisReplies : memcacheReplies;
    parser.reset();
    return ParserRow.reply(parser, MemorySegment.ofArray(bytes));
  }
}
