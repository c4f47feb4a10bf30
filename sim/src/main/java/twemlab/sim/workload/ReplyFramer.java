package twemlab.sim.workload;

import java.util.Arrays;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.InputBuffer;
import twemlab.sim.model.redis.RedisNumbers;

/// Cuts the bytes that a client receives into replies, however they were cut on the way.
///
/// It knows the form of replies, not the requests: in the memcached protocol VALUE blocks belong to
/// the line that ends them.
public final class ReplyFramer {
  private static final int INCOMPLETE = -1;
  private static final byte[] VALUE = {'V', 'A', 'L', 'U', 'E', ' '};

  private final WireProtocol protocol;
  private final InputBuffer input = new InputBuffer();

  /// For one connection, from its start.
  public ReplyFramer(WireProtocol protocol) {
    this.protocol = protocol;
  }

  /// Takes bytes `from` to `to - 1` of `bytes`.
  public void append(byte[] bytes, int from, int to) {
    input.append(bytes, from, to);
  }

  /// The next complete reply, line ends included; null if more bytes are needed.
  ///
  /// @throws IllegalStateException if the bytes are no reply of this protocol
  public byte[] next() {
    int end = protocol == WireProtocol.REDIS ? redis(0) : memcached(0);
    if (end == INCOMPLETE) {
      return null;
    }
    byte[] reply = input.copy(0, end);
    input.skip(end);
    return reply;
  }

  /// Bytes received that belong to no complete reply yet.
  public int pending() {
    return input.size();
  }

  /// The end of the element that starts at `at`.
  private int redis(int at) {
    int end = lineEnd(at);
    if (end == INCOMPLETE) {
      return INCOMPLETE;
    }
    return switch (input.at(at)) {
      case '+', '-', ':' -> end;
      case '$' -> block(end, number(at + 1, end));
      case '*' -> {
        int elements = number(at + 1, end);
        for (int i = 0; i < elements && end != INCOMPLETE; i++) {
          end = redis(end);
        }
        yield end;
      }
      default -> throw malformed(at, end);
    };
  }

  /// The end of the VALUE blocks that start at `at`, and of the line after them.
  private int memcached(int at) {
    int start = at;
    while (true) {
      int end = lineEnd(start);
      if (end == INCOMPLETE || !Arrays.equals(input.copy(start, Math.min(end, start + 6)), VALUE)) {
        return end;
      }
      start = block(end, valueLength(start, end));
      if (start == INCOMPLETE) {
        return INCOMPLETE;
      }
    }
  }

  /// The third number of `VALUE key flags length [cas]`.
  private int valueLength(int start, int end) {
    int at = start;
    for (int spaces = 0; spaces < 3; spaces++) {
      at = input.indexOf((byte) ' ', at) + 1;
      if (at == 0 || at >= end) {
        throw malformed(start, end);
      }
    }
    return number(at, end);
  }

  /// The end of a block of `length` bytes and its line end; a negative length is a null.
  private int block(int start, int length) {
    if (length < 0) {
      return start;
    }
    int end = start + length + 2;
    if (input.size() < end) {
      return INCOMPLETE;
    }
    if (input.at(end - 2) != '\r' || input.at(end - 1) != '\n') {
      throw malformed(end - 2, end);
    }
    return end;
  }

  /// The position after the line's CR LF.
  private int lineEnd(int at) {
    int end = at > input.size() ? -1 : input.indexOf((byte) '\n', at);
    if (end < 0) {
      return INCOMPLETE;
    }
    if (end == at || input.at(end - 1) != '\r') {
      throw malformed(at, end + 1);
    }
    return end + 1;
  }

  private int number(int at, int end) {
    int last = at;
    while (last < end && input.at(last) > ' ') {
      last++;
    }
    Long number = RedisNumbers.parse(input.copy(at, last));
    if (number == null || number != number.intValue()) {
      throw malformed(at, end);
    }
    return number.intValue();
  }

  private IllegalStateException malformed(int from, int to) {
    return new IllegalStateException("malformed reply: " + new Bytes(input.copy(from, to)));
  }
}
