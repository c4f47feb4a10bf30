package twemlab.proxy.trace;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import twemlab.protocol.Limits;
import twemlab.protocol.MemcacheReplyParser;
import twemlab.protocol.MemcacheRequestParser;
import twemlab.protocol.ParseResult;
import twemlab.protocol.RedisReplyParser;
import twemlab.protocol.RedisRequestParser;
import twemlab.protocol.ReplyParser;
import twemlab.protocol.RequestParser;
import twemlab.protocol.RequestView;

/// Reads one direction of a connection beside the proxy, with the same parsers, and says in words
/// what the bytes completed and in which state they left the parser.
final class MessageReader {
  /// So many messages of one piece are named.
  private static final int NAMED_MAX = 6;

  /// So much of a message is kept, to name its key.
  private static final int KEPT_MAX = 512;

  private static final int KEY_MAX = 40;

  /// What both kinds of parser have in common.
  private interface Parser {
    ParseResult parse(MemorySegment segment, long from);

    long position();

    String describe(byte[] start);

    String state();

    long length();

    void reset();
  }

  private final Parser parser;
  private final ByteArrayOutputStream start = new ByteArrayOutputStream();
  private long completed;

  private MessageReader(Parser parser) {
    this.parser = parser;
  }

  static MessageReader requests(boolean redis) {
    return new MessageReader(
        new Requests(
            redis
                ? new RedisRequestParser(Limits.standard())
                : new MemcacheRequestParser(Limits.standard())));
  }

  static MessageReader replies(boolean redis) {
    return new MessageReader(
        new Replies(redis ? new RedisReplyParser() : new MemcacheReplyParser()));
  }

  /// How many messages were completed so far.
  long completed() {
    return completed;
  }

  /// Goes on with the bytes that came next.
  String read(byte[] bytes) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    StringBuilder text = new StringBuilder();
    ParseResult result = ParseResult.AGAIN;
    int count = 0;
    for (long at = 0; at < bytes.length && result != ParseResult.ERROR; at = parser.position()) {
      result = parser.parse(segment, at);
      keep(bytes, (int) at, (int) parser.position());
      if (result != ParseResult.AGAIN && result != ParseResult.ERROR) {
        if (count++ < NAMED_MAX) {
          text.append(count == 1 ? "" : ", ").append(parser.describe(start.toByteArray()));
        }
        completed++;
        parser.reset();
        start.reset();
      }
    }
    if (count > NAMED_MAX) {
      text.append(" and ").append(count - NAMED_MAX).append(" more");
    }
    return text.append(count == 0 ? "" : "; ").append(rest(result)).toString();
  }

  private String rest(ParseResult result) {
    if (result == ParseResult.ERROR) {
      return "no message of this protocol (" + parser.state() + ")";
    }
    if (parser.length() == 0) {
      return "then " + parser.state() + ", nothing begun";
    }
    return "then "
        + parser.state()
        + ", "
        + parser.length()
        + " bytes of "
        + parser.describe(start.toByteArray());
  }

  private void keep(byte[] bytes, int from, int to) {
    start.write(bytes, from, Math.min(to - from, KEPT_MAX - start.size()));
  }

  private record Requests(RequestParser parser) implements Parser {
    @Override
    public ParseResult parse(MemorySegment segment, long from) {
      return parser.parse(segment, from, segment.byteSize());
    }

    @Override
    public long position() {
      return parser.position();
    }

    @Override
    public String describe(byte[] start) {
      RequestView view = parser.view();
      if (view.command() == null) {
        return view.inline() ? "a request in words" : "a request";
      }
      String text = view.command().wireName();
      if (view.keyCount() > 0) {
        int from = Math.min(view.keyStart(0), start.length);
        int to = Math.clamp(view.keyEnd(0), from, Math.min(start.length, from + KEY_MAX));
        text += " " + new String(start, from, to - from, StandardCharsets.ISO_8859_1);
      }
      return view.keyCount() > 1 ? text + " and " + (view.keyCount() - 1) + " keys more" : text;
    }

    @Override
    public String state() {
      return parser.stateName();
    }

    @Override
    public long length() {
      return parser.view().length();
    }

    @Override
    public void reset() {
      parser.reset();
    }
  }

  private record Replies(ReplyParser parser) implements Parser {
    @Override
    public ParseResult parse(MemorySegment segment, long from) {
      return parser.parse(segment, from, segment.byteSize());
    }

    @Override
    public long position() {
      return parser.position();
    }

    @Override
    public String describe(byte[] start) {
      String type = parser.view().type().label();
      return type.equals("UNKNOWN") ? "a reply" : "reply " + type;
    }

    @Override
    public String state() {
      return parser.stateName();
    }

    @Override
    public long length() {
      return parser.view().length();
    }

    @Override
    public void reset() {
      parser.reset();
    }
  }
}
