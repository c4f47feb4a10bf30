package twemlab.sim.model.memcached;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.InputBuffer;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.ReplySink;
import twemlab.sim.model.ServerModel;

/// One connection to a [MemcachedModel]: cuts the bytes into lines and data blocks and runs the
/// commands (`try_read_command_ascii` and `complete_nread_ascii` in memcached's `proto_text.c`).
final class MemcachedSession implements ServerModel.Session {
  private static final int LINE_MAX = 2048;
  private static final int LEADING_SPACES_MAX = 100;

  private final MemcachedModel model;
  private final InputBuffer input = new InputBuffer();
  private final ReplyBuffer reply = new ReplyBuffer();
  private MemcachedUpdate update;
  private int swallow;
  private boolean closed;

  MemcachedSession(MemcachedModel model) {
    this.model = model;
  }

  @Override
  public void receive(byte[] bytes, int from, int to, ReplySink out, long nowMillis) {
    if (!closed) {
      input.append(bytes, from, to);
    }
    long second = Math.floorDiv(nowMillis, 1000L);
    while (!closed && step(second)) {}
    reply.drainTo(out);
  }

  /// Takes one line, data block or piece to swallow; false if more bytes are needed.
  private boolean step(long second) {
    if (swallow > 0) {
      int count = Math.min(swallow, input.size());
      input.skip(count);
      swallow -= count;
      return swallow == 0;
    }
    return update == null ? line(second) : data(second);
  }

  private boolean line(long second) {
    int end = input.indexOf((byte) '\n', 0);
    if ((end < 0 ? input.size() : end) > LINE_MAX && !multiget()) {
      close();
      return false;
    }
    if (end < 0) {
      return false;
    }
    int lineEnd = end > 1 && input.at(end - 1) == '\r' ? end - 1 : end;
    List<byte[]> words = words(lineEnd);
    input.skip(end + 1);
    // No command is shorter than two bytes.
    MemcachedCommands.Row row =
        words.isEmpty() || words.getFirst().length < 2
            ? null
            : MemcachedCommands.find(new Bytes(words.getFirst()).toString());
    MemcachedCall call = new MemcachedCall(this, model, words, second, reply);
    if (row == null && httpRequest(words)) {
      close();
    } else if (row == null || !row.accepts(words.size())) {
      reply.append("ERROR\r\n");
    } else {
      row.handler().run(call);
    }
    return true;
  }

  /// The words of the line, which ends at its first NUL, as C's `strlen` has it.
  private List<byte[]> words(int lineEnd) {
    int nul = input.indexOf((byte) 0, 0, lineEnd);
    int end = nul >= 0 ? nul : lineEnd;
    List<byte[]> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= end; i++) {
      if (i == end || input.at(i) == ' ') {
        if (i > start) {
          words.add(input.copy(start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }

  /// A long line without an end is fine if it is a multi-get.
  private boolean multiget() {
    int spaces = 0;
    while (spaces < input.size() && input.at(spaces) == ' ') {
      spaces++;
    }
    String start =
        new String(
            input.copy(spaces, Math.min(input.size(), spaces + 5)), StandardCharsets.ISO_8859_1);
    return spaces <= LEADING_SPACES_MAX && (start.startsWith("get ") || start.equals("gets "));
  }

  private static boolean httpRequest(List<byte[]> words) {
    return words.size() > 1 && new Bytes(words.getLast()).toString().startsWith("HTTP/");
  }

  private boolean data(long second) {
    int length = update.length();
    if (input.size() < length + 2) {
      return false;
    }
    boolean terminated = input.at(length) == '\r' && input.at(length + 1) == '\n';
    byte[] value = input.copy(0, length);
    input.skip(length + 2);
    String result = terminated ? update.store(model, value, second) : "CLIENT_ERROR bad data chunk";
    if (!update.noreply()) {
      reply.append(result).append("\r\n");
    }
    update = null;
    return true;
  }

  /// The next bytes are the data block of `expected`.
  void expectData(MemcachedUpdate expected) {
    update = expected;
  }

  /// The next `count` bytes are ignored.
  void swallow(int count) {
    swallow = count;
  }

  void close() {
    closed = true;
  }

  @Override
  public void limitReplies(int bytes) {
    reply.limit(bytes);
  }

  @Override
  public boolean partial() {
    return update != null || input.size() > 0;
  }

  @Override
  public boolean closed() {
    return closed;
  }
}
