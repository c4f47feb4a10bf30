package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The four parsers under one roof for tests that hold for all of them.
///
/// Each piece of a cut input lies in a read-only segment of exactly its size: a parser that writes,
/// or that reads outside its range, throws.
enum Subject {
  REDIS_REQUEST,
  MEMCACHE_REQUEST,
  REDIS_REPLY,
  MEMCACHE_REPLY;

  static final Limits LIMITS = Limits.standard();

  /// The parser for a row of the table of cases.
  static Subject of(String protocol, String kind) {
    boolean redis = protocol.equals("redis");
    if (kind.equals("req")) {
      return redis ? REDIS_REQUEST : MEMCACHE_REQUEST;
    }
    return redis ? REDIS_REPLY : MEMCACHE_REPLY;
  }

  boolean isRequest() {
    return this == REDIS_REQUEST || this == MEMCACHE_REQUEST;
  }

  boolean isRedis() {
    return this == REDIS_REQUEST || this == REDIS_REPLY;
  }

  RequestParser requestParser() {
    RequestParser parser =
        isRedis() ? new RedisRequestParser(LIMITS) : new MemcacheRequestParser(LIMITS);
    parser.recordKeys(true);
    return parser;
  }

  ReplyParser replyParser() {
    return isRedis() ? new RedisReplyParser() : new MemcacheReplyParser();
  }

  /// The columns of the table for one buffer.
  String row(byte[] input) {
    return isRequest()
        ? ParserRow.request(requestParser(), segment(input))
        : ParserRow.reply(replyParser(), segment(input));
  }

  /// All that the parser says about the input, cut at the given places in ascending order. Of an
  /// error nothing else is said, because nothing else is promised.
  String describe(byte[] input, int... cuts) {
    if (isRequest()) {
      RequestParser parser = requestParser();
      ParseResult result = feed(parser::parse, parser::position, input, cuts);
      return describe(result, parser.view());
    }
    ReplyParser parser = replyParser();
    parser.recordElements(true);
    ParseResult result = feed(parser::parse, parser::position, input, cuts);
    return describe(result, parser.view());
  }

  static MemorySegment segment(byte[] bytes) {
    return MemorySegment.ofArray(bytes).asReadOnly();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private interface Parse {
    ParseResult parse(MemorySegment segment, long from, long to);
  }

  private interface Position {
    long position();
  }

  private static ParseResult feed(Parse parser, Position position, byte[] input, int... cuts) {
    ParseResult result = ParseResult.AGAIN;
    int from = 0;
    for (int i = 0; i <= cuts.length && result == ParseResult.AGAIN; i++) {
      int to = i < cuts.length ? cuts[i] : input.length;
      MemorySegment piece = segment(Arrays.copyOfRange(input, from, to));
      result = parser.parse(piece, 0, to - from);
      if (result == ParseResult.AGAIN && position.position() != to - from) {
        throw new AssertionError("AGAIN, but " + position.position() + " of " + (to - from));
      }
      from = to;
    }
    return result;
  }

  static String describe(ParseResult result, RequestView view) {
    if (result == ParseResult.ERROR) {
      return "ERROR " + view.complaint();
    }
    StringBuilder text = new StringBuilder(result + " " + view.length() + " " + view.command());
    text.append(' ').append(view.complaint()).append(view.inline() ? " inline" : "");
    text.append(" refused ").append(view.refusal()).append(" quit ").append(view.quit());
    text.append(" noreply ").append(view.noreply()).append(' ').append(view.noreplyStart());
    text.append(':').append(view.noreplyEnd()).append(" keys");
    for (int i = 0; i < view.keyCount(); i++) {
      text.append(' ').append(view.keyStart(i)).append(':').append(view.keyEnd(i));
      text.append('/').append(view.unitStart(i)).append(':').append(view.unitEnd(i));
    }
    text.append(" name ");
    boolean named = view.refusal() == RefusalReason.UNKNOWN_COMMAND;
    for (int i = 0; named && i < view.nameLength(); i++) {
      text.append((char) (view.nameByte(i) & 0xFF));
    }
    return text.toString();
  }

  static String describe(ParseResult result, ReplyView view) {
    if (result == ParseResult.ERROR) {
      return "ERROR";
    }
    if (result == ParseResult.AGAIN) {
      return "AGAIN " + view.length();
    }
    StringBuilder text = new StringBuilder(result + " " + view.length() + " " + view.type());
    text.append(' ').append(view.errorWord()).append(' ').append(view.integer());
    for (int i = 0; i < view.elementCount(); i++) {
      text.append(' ').append(view.elementStart(i)).append(':').append(view.elementEnd(i));
      text.append('/').append(view.elementKeyStart(i)).append(':').append(view.elementKeyEnd(i));
    }
    return text.toString();
  }
}
