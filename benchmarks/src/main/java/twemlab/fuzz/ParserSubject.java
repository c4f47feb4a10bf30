package twemlab.fuzz;

import java.lang.foreign.MemorySegment;
import twemlab.protocol.Limits;
import twemlab.protocol.MemcacheReplyParser;
import twemlab.protocol.MemcacheRequestParser;
import twemlab.protocol.ParseResult;
import twemlab.protocol.RedisReplyParser;
import twemlab.protocol.RedisRequestParser;
import twemlab.protocol.RefusalReason;
import twemlab.protocol.ReplyParser;
import twemlab.protocol.ReplyView;
import twemlab.protocol.RequestParser;
import twemlab.protocol.RequestView;

/// Any of the four parsers, and all that its view promises, as text that can be compared.
interface ParserSubject {
  ParseResult parse(MemorySegment segment, long from, long to);

  /// See [RequestParser#position()].
  long position();

  /// Begins the next message.
  void reset();

  /// The consumed bytes of the message, by the view.
  long length();

  /// Everything that the view promises after that result.
  String describe(ParseResult result);

  static ParserSubject redisRequest(Limits limits) {
    return new Request(new RedisRequestParser(limits));
  }

  static ParserSubject memcacheRequest(Limits limits) {
    return new Request(new MemcacheRequestParser(limits));
  }

  static ParserSubject redisReply(Limits limits) {
    return new Reply(new RedisReplyParser());
  }

  static ParserSubject memcacheReply(Limits limits) {
    return new Reply(new MemcacheReplyParser());
  }

  /// A parser of requests.
  record Request(RequestParser parser) implements ParserSubject {
    /// A record of a parser that records keys.
    public Request {
      parser.recordKeys(true);
    }

    @Override
    public ParseResult parse(MemorySegment segment, long from, long to) {
      return parser.parse(segment, from, to);
    }

    @Override
    public long position() {
      return parser.position();
    }

    @Override
    public void reset() {
      parser.reset();
    }

    @Override
    public long length() {
      return parser.view().length();
    }

    @Override
    public String describe(ParseResult result) {
      RequestView view = parser.view();
      StringBuilder text = new StringBuilder(128).append(result).append(' ').append(view.length());
      text.append(' ').append(view.command()).append(' ').append(view.refusal());
      text.append(view.quit() ? " quit" : "").append(view.noreply() ? " noreply " : " ");
      range(text, view.noreplyStart(), view.noreplyEnd());
      for (int i = 0; i < view.keyCount(); i++) {
        range(text.append(" key "), view.keyStart(i), view.keyEnd(i));
        range(text.append(" in "), view.unitStart(i), view.unitEnd(i));
      }
      if (view.refusal() == RefusalReason.UNKNOWN_COMMAND) {
        text.append(" name ");
        for (int i = 0; i < view.nameLength(); i++) {
          text.append((char) (view.nameByte(i) & 0xFF));
        }
      }
      return text.toString();
    }
  }

  /// A parser of replies, with their elements.
  record Reply(ReplyParser parser) implements ParserSubject {
    /// A record of a parser that records elements.
    public Reply {
      parser.recordElements(true);
    }

    @Override
    public ParseResult parse(MemorySegment segment, long from, long to) {
      return parser.parse(segment, from, to);
    }

    @Override
    public long position() {
      return parser.position();
    }

    @Override
    public void reset() {
      parser.reset();
      parser.recordElements(true);
    }

    @Override
    public long length() {
      return parser.view().length();
    }

    @Override
    public String describe(ParseResult result) {
      ReplyView view = parser.view();
      StringBuilder text = new StringBuilder(128).append(result).append(' ').append(view.length());
      if (result != ParseResult.OK) {
        return text.toString(); // of an unfinished reply nothing else is promised
      }
      text.append(' ').append(view.type()).append(' ').append(view.errorWord());
      text.append(' ').append(view.integer());
      for (int i = 0; i < view.elementCount(); i++) {
        range(text.append(" element "), view.elementStart(i), view.elementEnd(i));
        range(text.append(" key "), view.elementKeyStart(i), view.elementKeyEnd(i));
      }
      return text.toString();
    }
  }

  private static void range(StringBuilder text, int start, int end) {
    text.append(start).append(':').append(end);
  }
}
