package twemlab.exercise.gathermget;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import twemlab.protocol.ParseResult;
import twemlab.protocol.RedisReplyParser;
import twemlab.protocol.ReplyType;
import twemlab.protocol.ReplyView;

/// Joins the replies to the parts of a divided `MGET`.
final class Gather {
  private static final byte[] PROTOCOL_ERROR = "-ERR protocol\r\n".getBytes(US_ASCII);

  private Gather() {}

  /// One reply out of several.
  ///
  /// The keys of part `p` are those whose entry in `partOfKey` is `p`, in the order of the request.
  /// If a part was answered with an error, the whole is answered with the first such error; a part
  /// that is no array of as many elements as it has keys counts as the error `-ERR protocol`.
  ///
  /// @param partOfKey for each key of the request, which part it went into
  /// @param replies whole RESP replies, one for each part
  static byte[] join(int[] partOfKey, List<byte[]> replies) {
    List<List<byte[]>> parts = new ArrayList<>();
    for (int part = 0; part < replies.size(); part++) {
      byte[] reply = replies.get(part);
      if (reply[0] == '-') {
        return reply;
      }
      List<byte[]> elements = elements(reply);
      if (elements.size() != count(partOfKey, part)) {
        return PROTOCOL_ERROR;
      }
      parts.add(elements);
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(("*" + partOfKey.length + "\r\n").getBytes(US_ASCII));
    int[] next = new int[parts.size()];
    for (int part : partOfKey) {
      joined.writeBytes(parts.get(part).get(next[part]++));
    }
    return joined.toByteArray();
  }

  private static int count(int[] partOfKey, int part) {
    int count = 0;
    for (int each : partOfKey) {
      count += each == part ? 1 : 0;
    }
    return count;
  }

  /// The elements of an array, as they came; none if it is something else.
  private static List<byte[]> elements(byte[] reply) {
    List<byte[]> elements = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(reply.length);
      segment.copyFrom(MemorySegment.ofArray(reply));
      RedisReplyParser parser = new RedisReplyParser();
      parser.recordElements(true);
      ParseResult result = parser.parse(segment, 0, reply.length);
      ReplyView view = parser.view();
      if (result == ParseResult.OK && view.type() == ReplyType.ARRAY) {
        for (int i = 0; i < view.elementCount(); i++) {
          int start = view.elementStart(i);
          int end = view.elementEnd(i);
          elements.add(Arrays.copyOfRange(reply, start, end));
        }
      }
    }
    return elements;
  }
}
