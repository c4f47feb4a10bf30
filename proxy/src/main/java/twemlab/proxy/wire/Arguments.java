package twemlab.proxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import twemlab.event.mbuf.MbufChain;
import twemlab.protocol.RequestView;

/// The arguments of a redis request, read one after the other where they lie.
///
/// There may be a million of them, and one may have hundreds of megabytes: nothing is copied, and
/// an argument is never walked over byte by byte. The request is whole and well framed, which its
/// parser has made sure of.
///
/// ```text
/// *2 CR LF $4 CR LF ECHO CR LF $5 CR LF hello CR LF
///                              mark     start    end
/// ```
public final class Arguments {
  private static final int LINE_END = 2;

  private MbufChain request;
  private int left;
  private int next;
  private int mark;
  private int start;
  private int end;

  /// Begins with a request: the next argument is the first behind the name.
  public void of(MbufChain whole) {
    request = whole;
    next = 0;
    left = number();
    next();
  }

  /// Goes to the next argument.
  ///
  /// @return whether there is one
  public boolean next() {
    if (left == 0) {
      return false;
    }
    left--;
    mark = next;
    int length = number();
    start = next;
    end = start + length;
    next = end + LINE_END;
    return true;
  }

  /// Begins anew with the same request, before its first argument.
  public void again() {
    of(request);
  }

  /// Whether this argument is a short decimal number.
  public boolean isNumber() {
    int at = start < end && request.byteAt(start) == '-' ? start + 1 : start;
    boolean number = at < end && end - at < 10;
    for (; number && at < end; at++) {
      number = request.byteAt(at) >= '0' && request.byteAt(at) <= '9';
    }
    return number;
  }

  /// How many arguments follow this one.
  public int left() {
    return left;
  }

  /// Reads a line of one mark and a number.
  private int number() {
    int number = 0;
    int at = next + 1;
    for (byte b = request.byteAt(at); b != '\r'; b = request.byteAt(at)) {
      number = number * 10 + (b - '0');
      at++;
    }
    next = at + LINE_END;
    return number;
  }

  /// Appends this argument as a bulk string, as the client wrote it.
  public void appendTo(MbufChain reply) {
    reply.append(request, mark, end + LINE_END);
  }

  /// Whether this argument is a word of ASCII letters and digits, in any case.
  ///
  /// @param word in capitals
  public boolean is(String word) {
    if (end - start != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      int b = request.byteAt(start + i);
      if (word.charAt(i) != (b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b)) {
        return false;
      }
    }
    return true;
  }

  /// Whether this argument is a secret, or any other text, byte for byte. How long that takes
  /// depends on the lengths alone.
  public boolean isExactly(byte[] text) {
    int length = end - start;
    int difference = length ^ text.length;
    for (int i = 0; i < text.length; i++) {
      difference |= text[i] ^ (i < length ? request.byteAt(start + i) : 0);
    }
    return difference == 0;
  }

  /// The beginning of this argument, fit for an error line.
  public String printable() {
    byte[] head = new byte[Math.min(end - start, RequestView.NAME_KEPT)];
    for (int i = 0; i < head.length; i++) {
      head[i] = request.byteAt(start + i);
    }
    return ErrorReplies.printable(new String(head, ISO_8859_1));
  }
}
