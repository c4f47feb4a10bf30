package twemlab.sim.model.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.RealServer.Program;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.model.Differential;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.ServerModel;

/// [MemcachedModel] answers what memcached answers, byte for byte.
class MemcachedDifferentialTest {
  private static final int COMMANDS = 6_000;
  private static final String MARKER = "set end 0 0 1\r\nx\r\nget end\r\n";
  private static final String MARKER_REPLY = "STORED\r\nVALUE end 0 1\r\nx\r\nEND\r\n";
  private static final int LIMIT = 1024 * 1024;

  /// `K` a key, `D` a data length and its block at the end, `F` flags, `E` expiry, `N` a number,
  /// `C` a cas number, `R` perhaps `noreply`.
  private static final List<String> TEMPLATES =
      List.of(
          "get K",
          "get K K K",
          "gets K",
          "gets K K K ",
          "  get  K   K ",
          "get",
          "gets",
          "set K F E D R",
          "set K F E D R",
          "set K F E D",
          "add K F E D R",
          "replace K F E D R",
          "append K F E D R",
          "prepend K F E D R",
          "cas K F E D C R",
          "set K F E",
          "set K F E D x y",
          "delete K",
          "delete K R",
          "delete K 0",
          "delete K 0 R",
          "delete",
          "delete K N N N",
          "incr K N",
          "incr K N R",
          "decr K N",
          "decr K N R",
          "incr K",
          "touch K E R",
          "touch K",
          "version",
          "version x",
          "verbosity 0",
          "verbosity 0 R",
          "verbosity noreply",
          "verbosity",
          "verbosity x",
          "flush_all R",
          "flush_all 0 R",
          "flush_all x R",
          "flush_all x y z",
          "stats reset",
          "nosuch K",
          "x",
          "",
          "GET K",
          "Set K F E D",
          "get\u0000 K");

  @Test
  void randomCommandsGetTheSameReplies() throws IOException {
    Program.MEMCACHED.needInstalled();
    Choices choices = new SeededChoices(1);
    Choices words = choices.stream("words");
    Set<String> replies = new LinkedHashSet<>();
    try (RealServer server = RealServer.memcached();
        Differential differential = differential(server, new MemcachedModel(), choices)) {
      for (int i = 0; i < COMMANDS; i++) {
        String command = command(words);
        // While an earlier reply still holds the item, memcached does not shorten it in place.
        boolean alone = command.startsWith("decr") || command.startsWith("incr");
        if (alone || words.chance(1, 10)) {
          differential.compare(text -> collect(replies, text));
        }
        differential.add(command);
      }
      differential.compare();
    }
    assertThat(replies)
        .contains(
            "STORED",
            "NOT_STORED",
            "EXISTS",
            "NOT_FOUND",
            "DELETED",
            "TOUCHED",
            "OK",
            "ERROR",
            "END",
            "RESET",
            "VERSION 1.6.18",
            "CLIENT_ERROR bad data chunk",
            "CLIENT_ERROR bad command line format",
            "CLIENT_ERROR invalid exptime argument",
            "CLIENT_ERROR invalid numeric delta argument",
            "CLIENT_ERROR cannot increment or decrement non-numeric value");
  }

  @Test
  void itemsUpToTheLimitAreStored() throws IOException {
    Program.MEMCACHED.needInstalled();
    try (RealServer server = RealServer.memcached();
        Differential differential =
            differential(server, new MemcachedModel(), new SeededChoices(2))) {
      for (int length = LIMIT - 70; length <= LIMIT - 55; length++) {
        for (String flags : List.of("0", "7")) {
          differential.add("set big " + flags + " 0 3\r\nold\r\n");
          differential.add(
              "set big " + flags + " 0 " + length + "\r\n" + "x".repeat(length) + "\r\n");
          differential.add("touch big 0\r\nadd big 0 0 1\r\nx\r\n");
          differential.add("append big 0 0 3\r\nabc\r\nprepend big 0 0 1\r\na\r\n");
          differential.compare();
        }
      }
      differential.add(
          "add other 0 0 " + LIMIT + " noreply\r\n" + "x".repeat(LIMIT) + "\r\nget k\r\n");
      differential.compare();
    }
  }

  @Test
  void numbersInLargeItemsAreNotCounted() throws IOException {
    Program.MEMCACHED.needInstalled();
    try (RealServer server = RealServer.memcached();
        Differential differential =
            differential(server, new MemcachedModel(), new SeededChoices(3))) {
      for (int length : new int[] {1, 21, 400, 500_000, 530_000}) {
        differential.add("set n 0 0 " + length + "\r\n1" + " ".repeat(length - 1) + "\r\n");
        differential.add("incr n 41\r\n");
        differential.compare();
        differential.add("gets n\r\n");
        differential.compare();
      }
    }
  }

  @Test
  void largerLimitsWork() throws IOException {
    Program.MEMCACHED.needInstalled();
    MemcachedModel model = new MemcachedModel(2 * LIMIT, MemcachedModel.CasNumbers.PER_SERVER);
    try (RealServer server = RealServer.memcached("-I", "2m");
        Differential differential = differential(server, model, new SeededChoices(4))) {
      for (int length : new int[] {LIMIT, 2 * LIMIT - 70, 2 * LIMIT - 40}) {
        differential.add("set k 1 0 " + length + "\r\n" + "y".repeat(length) + "\r\ngets k\r\n");
        differential.compare();
      }
    }
  }

  @Test
  void keysAreAtMost250BytesLong() throws IOException {
    Program.MEMCACHED.needInstalled();
    try (RealServer server = RealServer.memcached();
        Differential differential =
            differential(server, new MemcachedModel(), new SeededChoices(5))) {
      for (int length : new int[] {250, 251}) {
        String key = "k".repeat(length);
        for (String line :
            List.of(
                "set K 0 0 1\r\nx",
                "set K 0 0 1 noreply\r\nx",
                "get K",
                "gets a K b",
                "incr K 1",
                "touch K 1",
                "delete K",
                "delete K 0 noreply",
                "cas K 0 0 1 5\r\nx")) {
          differential.add(line.replace("K", key) + "\r\n");
          differential.compare();
        }
      }
    }
  }

  @Test
  void quitAndLongLinesClose() throws IOException {
    Program.MEMCACHED.needInstalled();
    List<String> closing =
        List.of(
            "quit\r\nget k\r\n", "get k\r\nquit now\r\n", "GET / HTTP/1.1\r\n", "x".repeat(3000));
    try (RealServer server = RealServer.memcached()) {
      for (String request : closing) {
        try (Differential differential =
            Differential.closing(new MemcachedModel(), server.connect(), new SeededChoices(6))) {
          differential.add(request);
          differential.compare();
        }
      }
    }
  }

  @Test
  void aMultigetMayBeLongerThanAnyBuffer() throws IOException {
    Program.MEMCACHED.needInstalled();
    try (RealServer server = RealServer.memcached();
        Differential differential =
            differential(server, new MemcachedModel(), new SeededChoices(7))) {
      differential.add("set a 0 0 1\r\n1\r\nset b 0 0 1\r\n2\r\n");
      differential.add("get " + "a miss b ".repeat(5000) + "\r\n");
      differential.compare();
    }
  }

  @Test
  void itemsExpireAndAreFlushedInVirtualTime() {
    ServerModel.Session session = new MemcachedModel().connect();
    long second = 1_700_000_000L;
    assertThat(ask(session, "set a 0 10 1\r\na\r\nset b 0 0 1\r\nb\r\n", second))
        .isEqualTo("STORED\r\nSTORED\r\n");
    assertThat(ask(session, "touch b " + (second + 20) + "\r\n", second)).isEqualTo("TOUCHED\r\n");
    assertThat(ask(session, "get a b\r\n", second + 9)).contains("VALUE a", "VALUE b");
    assertThat(ask(session, "get a b\r\n", second + 10)).isEqualTo("VALUE b 0 1\r\nb\r\nEND\r\n");
    assertThat(ask(session, "get b\r\n", second + 20)).isEqualTo("END\r\n");
    assertThat(ask(session, "set c 0 0 1\r\nc\r\nflush_all 5\r\n", second + 20))
        .isEqualTo("STORED\r\nOK\r\n");
    assertThat(ask(session, "get c\r\n", second + 24)).contains("VALUE c");
    assertThat(ask(session, "get c\r\n", second + 25)).isEqualTo("END\r\n");
  }

  private static String ask(ServerModel.Session session, String request, long second) {
    ReplyBuffer reply = new ReplyBuffer();
    byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
    session.receive(bytes, 0, bytes.length, reply, 1000 * second);
    return reply.toString();
  }

  private static Differential differential(RealServer server, MemcachedModel model, Choices choices)
      throws IOException {
    return new Differential(model, server.connect(), choices.stream("cuts"), MARKER, MARKER_REPLY);
  }

  private static String command(Choices choices) {
    StringBuilder line = new StringBuilder();
    String block = "";
    for (String word : choices.pick(TEMPLATES).split(" ", -1)) {
      if (word.equals("D")) {
        String data = data(choices);
        // A wrong length leaves the stream in step: the block's rest is a line of its own.
        int wrong = choices.chance(1, 20) ? data.length() : 0;
        line.append(Math.max(data.length() - wrong, 0));
        block = data + "\r\n";
      } else {
        line.append(fill(choices, word));
      }
      line.append(' ');
    }
    line.setLength(line.length() - 1);
    return line + choices.pick(List.of("\r\n", "\r\n", "\n")) + block;
  }

  private static String data(Choices choices) {
    return switch (choices.below(5)) {
      case 0 -> "";
      case 1 -> Integer.toString(choices.below(1200));
      case 2 ->
          choices.pick(List.of("18446744073709551615", "-1", "+5", " 7", "7 8", "7x", "99999"));
      case 3 -> "\u0000 \u00ff \r " + "d".repeat(choices.below(200));
      default -> "data" + choices.below(10);
    };
  }

  private static String fill(Choices choices, String word) {
    return switch (word) {
      case "K" -> "key" + choices.below(12);
      case "F" -> choices.pick(List.of("0", "0", "1", "4294967295", "4294967296", "-1", "x", "+3"));
      case "E" ->
          choices.pick(
              List.of(
                  "0",
                  "0",
                  "0",
                  "5000",
                  "-1",
                  "4000000000",
                  "2147483647",
                  "1000000000",
                  "x",
                  "2592001",
                  "99999999999999999999"));
      case "N" ->
          choices.pick(
              List.of(
                  "1",
                  "1",
                  "7",
                  "1000",
                  "0",
                  "-1",
                  "+4",
                  "x",
                  "18446744073709551615",
                  "18446744073709551616",
                  "-18446744073709551615"));
      case "C" -> choices.pick(List.of("1", "2", "9999999", "x", "-1"));
      case "R" -> choices.pick(List.of("noreply", "", "Noreply"));
      default -> word;
    };
  }

  private static String collect(Set<String> lines, String replies) {
    replies.lines().forEach(lines::add);
    return replies;
  }
}
