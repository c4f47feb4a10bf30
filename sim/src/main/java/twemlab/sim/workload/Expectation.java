package twemlab.sim.workload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import twemlab.sim.model.Bytes;

/// What a request must be answered with when it travels through the proxy and nothing fails.
public final class Expectation {
  /// How much of the reply is determined.
  public enum Match {
    /// The request has no reply (`noreply`).
    NO_REPLY,
    /// Every byte.
    EXACT,
    /// The first word of the line: the rest is the server's own affair (`version`).
    FIRST_WORD,
    /// An array of bulks in any order (`SMEMBERS`).
    ANY_ORDER,
    /// VALUE blocks in any order (`get`): behind a miss, the proxy moves the blocks of one server
    /// up, as twemproxy does.
    ANY_BLOCK_ORDER,
    /// The same, and every byte but the cas numbers (`gets`).
    ANY_CAS
  }

  private final byte[] reply;
  private final Match match;

  public Expectation(byte[] reply, Match match) {
    this.reply = reply;
    this.match = match;
  }

  /// The model's reply; empty if there is none.
  public byte[] reply() {
    return reply.clone();
  }

  /// How long the model's reply is, in bytes.
  public int length() {
    return reply.length;
  }

  /// How much of [#reply] is determined.
  public Match match() {
    return match;
  }

  /// Whether a complete reply fits.
  public boolean accepts(byte[] actual) {
    return switch (match) {
      case NO_REPLY -> false;
      case EXACT -> Arrays.equals(reply, actual);
      case FIRST_WORD -> firstWord(reply).equals(firstWord(actual));
      case ANY_ORDER -> Arrays.equals(reply, actual) || members(reply).equals(members(actual));
      case ANY_BLOCK_ORDER -> Arrays.equals(reply, actual) || blocks(reply).equals(blocks(actual));
      case ANY_CAS -> withoutCas(reply).equals(withoutCas(actual));
    };
  }

  private static String firstWord(byte[] line) {
    return text(line).split(" ", 2)[0];
  }

  /// The bulks of a flat array, in byte order; anything else is a list of one.
  private static List<Bytes> members(byte[] array) {
    List<Bytes> members = new ArrayList<>();
    if (array.length == 0 || array[0] != '*') {
      return List.of(new Bytes(array));
    }
    ReplyFramer framer = new ReplyFramer(WireProtocol.REDIS);
    framer.append(array, text(array).indexOf('\n') + 1, array.length);
    for (byte[] bulk = framer.next(); bulk != null; bulk = framer.next()) {
      members.add(new Bytes(bulk));
    }
    members.sort(null);
    return members;
  }

  /// The VALUE blocks and what follows them, each cas number cut off, in byte order.
  private static List<String> withoutCas(byte[] reply) {
    return blocks(reply).stream().map(Expectation::withoutCas).sorted().toList();
  }

  private static String withoutCas(String block) {
    int end = block.startsWith("VALUE ") ? block.indexOf("\r\n") : 0;
    String[] words = block.substring(0, end).split(" ", -1);
    return words.length < 4
        ? block
        : String.join(" ", words[0], words[1], words[2], words[3])
            + (words.length == 5 ? " cas" : " none")
            + block.substring(end);
  }

  /// The VALUE blocks and what follows them, in byte order.
  private static List<String> blocks(byte[] reply) {
    List<String> blocks = new ArrayList<>();
    String rest = text(reply);
    while (rest.startsWith("VALUE ")) {
      String line = rest.substring(0, rest.indexOf("\r\n"));
      int length = Integer.parseInt(line.split(" ", -1)[3]);
      int end = Math.min(line.length() + 2 + length + 2, rest.length());
      blocks.add(rest.substring(0, end));
      rest = rest.substring(end);
    }
    blocks.sort(null);
    blocks.add(rest);
    return blocks;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return match + " " + text(reply);
  }
}
