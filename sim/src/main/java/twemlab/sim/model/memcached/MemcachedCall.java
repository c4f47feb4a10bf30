package twemlab.sim.model.memcached;

import java.nio.charset.StandardCharsets;
import java.util.List;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.ReplyBuffer;

/// One command line in execution.
///
/// @param words the command's name, then its arguments
/// @param second the time, in seconds since the epoch
record MemcachedCall(
    MemcachedSession session,
    MemcachedModel model,
    List<byte[]> words,
    long second,
    ReplyBuffer out) {

  static final String BAD_FORMAT = "CLIENT_ERROR bad command line format";
  private static final int KEY_MAX = 250;

  byte[] word(int index) {
    return words.get(index);
  }

  String text(int index) {
    return new String(words.get(index), StandardCharsets.ISO_8859_1);
  }

  int count() {
    return words.size();
  }

  /// True if the last word asks for no reply.
  boolean noreply() {
    return text(words.size() - 1).equals("noreply");
  }

  boolean keyTooLong(int index) {
    return words.get(index).length > KEY_MAX;
  }

  MemcachedItem find(int index) {
    return model.find(new Bytes(words.get(index)), second);
  }

  /// Answers one line, unless the command asked for no reply.
  void answer(String line) {
    if (!noreply()) {
      out.append(line).append("\r\n");
    }
  }
}
