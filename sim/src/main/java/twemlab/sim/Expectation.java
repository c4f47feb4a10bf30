package twemlab.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    /// Every byte but the cas numbers (`gets`).
    ANY_CAS
  }

  private final byte[] reply;
  private final Match match;

  Expectation(byte[] reply, Match match) {
    this.reply = reply;
    this.match = match;
  }

  /// The model's reply; empty if there is none.
  public byte[] reply() {
    return reply.clone();
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

  /// The reply with each `VALUE key flags length cas` line cut after the length.
  private static String withoutCas(byte[] reply) {
    String rest = text(reply);
    StringBuilder kept = new StringBuilder();
    while (rest.startsWith("VALUE ")) {
      String line = rest.substring(0, rest.indexOf("\r\n"));
      String[] words = line.split(" ", -1);
      int block = line.length() + 2 + Integer.parseInt(words[3]) + 2;
      kept.append(String.join(" ", words[0], words[1], words[2], words[3]));
      kept.append(words.length == 5 ? " cas" : " none");
      kept.append(rest, line.length(), Math.min(block, rest.length()));
      rest = rest.substring(Math.min(block, rest.length()));
    }
    return kept + rest;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return match + " " + text(reply);
  }
}
