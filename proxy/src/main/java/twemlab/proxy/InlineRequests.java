package twemlab.proxy;

import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufWriter;
import twemlab.protocol.InlineRequest;
import twemlab.protocol.ParseResult;
import twemlab.protocol.Ranges;
import twemlab.protocol.RequestParser;
import twemlab.proxy.message.ChainRanges;

/// Makes an array of a redis request that came as a line of words, so that servers, fragments and
/// routes know one form of request only. One for all clients of a loop.
final class InlineRequests {
  private final InlineRequest words = new InlineRequest();
  private final ChainRanges line = new ChainRanges();
  private final MbufWriter writer;

  InlineRequests(MbufWriter writer) {
    this.writer = writer;
  }

  /// Replaces a line by the array of its words, and has it parsed.
  ///
  /// @param request the line, with its end
  /// @param parser it was reset, and afterwards its view is the request's
  /// @return what the parser says of the array, an empty one for a line without words; null when
  ///   the line's quotes are unbalanced
  ParseResult translate(MbufChain request, RequestParser parser) {
    int count = words.read(line.of(request), request.length());
    request.clear();
    if (count != InlineRequest.UNBALANCED) {
      writer.append(request, words.array(), words.start(), words.end());
    }
    words.trim();
    ParseResult result = count == InlineRequest.UNBALANCED ? null : parse(request, parser);
    line.of(null);
    return result;
  }

  private ParseResult parse(MbufChain request, RequestParser parser) {
    Ranges ranges = line.of(request);
    ParseResult result = ParseResult.AGAIN;
    for (int i = 0; i < ranges.count() && result == ParseResult.AGAIN; i++) {
      result = parser.parse(ranges.segment(i), ranges.from(i), ranges.to(i));
    }
    if (result == ParseResult.AGAIN || result == ParseResult.INLINE) {
      throw new IllegalStateException("the array of an inline request is no whole request");
    }
    return result;
  }
}
