package twemlab.sim.model.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.RealServer.Program;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.Differential;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.RespWriter;
import twemlab.sim.model.ServerModel;

/// [RedisModel] answers what redis-server answers, byte for byte.
class RedisDifferentialTest {
  private static final int COMMANDS = 6_000;
  private static final String MARKER = "*2\r\n$4\r\nECHO\r\n$10\r\nend-marker\r\n";
  private static final String MARKER_REPLY = "$10\r\nend-marker\r\n";

  /// Words that commands are filled with: `K` a key, `V` a value, `N` a number, `F` a field.
  private static final List<String> TEMPLATES =
      List.of(
          "GET K",
          "SET K V",
          "SET K V",
          "SET K N",
          "SET K V O",
          "SET K V O O",
          "SET K V O N O",
          "SETEX K X V",
          "PSETEX K X V",
          "SETNX K V",
          "GETSET K V",
          "GETDEL K",
          "APPEND K V",
          "STRLEN K",
          "GETRANGE K N N",
          "SETRANGE K S V",
          "INCR K",
          "INCRBY K N",
          "DECR K",
          "DECRBY K N",
          "DEL K",
          "DEL K K",
          "UNLINK K K K",
          "EXISTS K K",
          "TOUCH K K",
          "MGET K K K",
          "MSET K V K V",
          "MSET K V K",
          "EXPIRE K X",
          "EXPIRE K X E",
          "EXPIRE K X E E",
          "PEXPIRE K X",
          "EXPIREAT K A",
          "PEXPIREAT K X",
          "PERSIST K",
          "TYPE K",
          "PING",
          "PING V",
          "PING V V",
          "ECHO V",
          "SELECT D",
          "HSET K F V",
          "HSET K F V F V",
          "HSET K F V F",
          "HGET K F",
          "HDEL K F F",
          "HGETALL K",
          "HLEN K",
          "LPUSH K V",
          "LPUSH K V V",
          "RPUSH K V",
          "RPUSH K V V",
          "LPOP K",
          "RPOP K",
          "LPOP K N",
          "RPOP K C",
          "LRANGE K N N",
          "LRANGE K C C",
          "LLEN K",
          "SADD K F F",
          "SADD K N C",
          "SREM K F",
          "SMEMBERS K",
          "SCARD K",
          "SISMEMBER K F",
          "FLUSHALL",
          "FLUSHALL O",
          "AUTH V",
          "AUTH default V",
          "AUTH V V V",
          "CONFIG GET save",
          "CONFIG GET appendonly",
          "CONFIG GET",
          "CONFIG V",
          "NOSUCH",
          "nosuch V V V",
          "V V",
          "TTL K",
          "PTTL missing",
          "TTL missing",
          "get K K",
          "set K",
          "mset",
          "hset K F",
          "sadd K",
          "auth");

  private static RealServer server;

  /// The server of all tests. The model is one of redis 7: older ones word some errors otherwise.
  private static RealServer server() {
    Path _ = Program.REDIS.need(7);
    if (server == null) {
      server = RealServer.redis();
    }
    return server;
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void randomCommandsGetTheSameReplies() throws IOException {
    Choices choices = new SeededChoices(1);
    Choices words = choices.stream("words");
    Set<String> replies = new LinkedHashSet<>();
    try (Differential differential = differential(choices)) {
      for (int i = 0; i < COMMANDS; i++) {
        byte[] command = command(words);
        String text = new Bytes(command).toString();
        boolean unordered = text.contains("SMEMBERS") || text.contains("HGETALL");
        if (unordered || words.chance(1, 10)) {
          differential.compare(reply -> collect(replies, reply));
        }
        differential.add(command);
        if (unordered) {
          differential.compare(RedisDifferentialTest::sortMembers);
        }
      }
      differential.compare();
    }
    // The stream reaches the errors that it is meant to reach.
    assertThat(replies)
        .contains(
            "-" + RedisError.WRONG_TYPE,
            "-" + RedisError.NOT_AN_INTEGER,
            "-" + RedisError.SYNTAX,
            "-ERR increment or decrement would overflow",
            "-ERR decrement would overflow",
            "-ERR value is out of range, must be positive",
            "-ERR invalid expire time in 'expire' command",
            "-ERR offset is out of range",
            "-" + RedisError.TOO_LONG);
  }

  @Test
  void scriptsGetTheSameReplies() throws IOException {
    List<String> scripts =
        List.of(
            "return 1",
            "return -7",
            "return'a b'",
            "return  'a'",
            "return true",
            "return false",
            "return{}",
            "return{1,{2},3}",
            "return{{{}},{'x,y}'},4}",
            "return{{ok='OK'},false,true}",
            "return{ok='fine'}",
            "return{err='OOM x'}",
            "return{err='ERR x'}",
            "return{err='LOADING'}",
            "return" + "{".repeat(128) + "1" + "}".repeat(128),
            "return" + "{".repeat(190) + "1" + "}".repeat(190));
    try (Differential differential = differential(new SeededChoices(9))) {
      for (String script : scripts) {
        differential.add(encode("EVAL", script, "1", "k"));
      }
      differential.compare();
    }
  }

  @Test
  void inlineCommandsGetTheSameReplies() throws IOException {
    try (Differential differential = differential(new SeededChoices(2))) {
      differential.add("PING\r\n");
      differential.add("  SET  inline  value \r\n\r\n\nGET inline\n");
      differential.add("DEL inline\r\nNOSUCH\r\n");
      differential.compare();
    }
  }

  @Test
  void brokenFramesGetTheSameErrorAndClose() throws IOException {
    List<String> broken =
        List.of(
            "*x\r\n",
            "*2147483648\r\n",
            "*01\r\n",
            "*+1\r\n",
            "*1\r\n:4\r\n",
            "*1\r\n$x\r\n",
            "*1\r\n$-1\r\n",
            "*1\r\n$536870913\r\n",
            "*1\r\n\u00ff\r\n",
            "*2\r\n$4\r\nECHO\r\nxy\r\n",
            "*1\r\n$4\r\nPING\r\n*1\r\n$04\r\n",
            "*0\r\n*-1\r\n*-7\r\n*1\r\n\r\n",
            "*1\r\n$4\r\nQUIT\r\n*1\r\n$4\r\nPING\r\n",
            "*2\r\n$4\r\nquit\r\n$1\r\nx\r\n");
    for (String request : broken) {
      try (Differential differential =
          Differential.closing(new RedisModel(), server().connect(), new SeededChoices(3))) {
        differential.add(request);
        differential.compare();
      }
    }
  }

  @Test
  void endlessLinesGetTheSameErrorAndClose() throws IOException {
    // One byte over the limit: with more, bytes that redis leaves unread reset the connection.
    List<String> endless =
        List.of(
            "*" + "1".repeat(65_536),
            "x".repeat(65_537),
            "*1\r\n$" + "0".repeat(65_536),
            "*\u0000" + "\r".repeat(65_535));
    for (String request : endless) {
      try (Differential differential =
          Differential.closing(new RedisModel(), server().connect(), new SeededChoices(8))) {
        differential.add(request);
        differential.compare();
      }
    }
  }

  @Test
  void aBulkIsFollowedByAnyTwoBytes() throws IOException {
    try (Differential differential = differential(new SeededChoices(4))) {
      differential.add("*2\r\n$4\r\nECHOab$2\r\nhixy*1\rz$4\rzPING\r\n");
      differential.compare();
    }
  }

  @Test
  void passwordsAreChecked() throws IOException {
    Path _ = Program.REDIS.need(7);
    try (RealServer guarded = RealServer.redis("--requirepass", "secret")) {
      List<String> requests =
          List.of(
              "GET k",
              "AUTH wrong",
              "AUTH",
              "AUTH default wrong",
              "AUTH other secret",
              "NOSUCH",
              "GET",
              "AUTH secret",
              "GET k",
              "AUTH wrong",
              "GET k",
              "AUTH default secret");
      try (Differential differential =
          new Differential(
              new RedisModel("secret"),
              guarded.connect(),
              new SeededChoices(5),
              MARKER,
              MARKER_REPLY)) {
        requests.forEach(request -> differential.add(encode(request.split(" ", -1))));
        differential.compare();
      }
      for (String tooLong : List.of("*11\r\n", "*1\r\n$16385\r\n")) {
        try (Differential differential =
            Differential.closing(
                new RedisModel("secret"), guarded.connect(), new SeededChoices(6))) {
          differential.add(tooLong);
          differential.compare();
        }
      }
    }
  }

  @Test
  void keysExpireInVirtualTime() {
    ServerModel.Session session = new RedisModel().connect();
    long now = 1_700_000_000_000L;
    assertThat(ask(session, now, "SET", "k", "v", "PX", "1500")).isEqualTo("+OK\r\n");
    assertThat(ask(session, now, "TTL", "k")).isEqualTo(":2\r\n");
    assertThat(ask(session, now + 1_100, "TTL", "k")).isEqualTo(":0\r\n");
    assertThat(ask(session, now + 1_100, "PTTL", "k")).isEqualTo(":400\r\n");
    assertThat(ask(session, now + 1_500, "GET", "k")).isEqualTo("$1\r\nv\r\n");
    assertThat(ask(session, now + 1_501, "GET", "k")).isEqualTo("$-1\r\n");
    assertThat(ask(session, now + 1_501, "PTTL", "k")).isEqualTo(":-2\r\n");
  }

  private static String ask(ServerModel.Session session, long now, String... words) {
    ReplyBuffer reply = new ReplyBuffer();
    byte[] bytes = encode(words);
    session.receive(bytes, 0, bytes.length, reply, now);
    return reply.toString();
  }

  @Test
  void everyCommandChecksItsArity() throws IOException {
    try (Differential differential = differential(new SeededChoices(7))) {
      for (RedisCommands.Row row : RedisCommands.rows()) {
        int least = Math.abs(row.arity());
        for (int elements : new int[] {least - 1, row.arity() > 0 ? least + 1 : 0}) {
          if (elements > 0 && !row.name().equals("quit")) {
            String[] words = new String[elements];
            Arrays.fill(words, "arity");
            words[0] = row.name();
            differential.add(encode(words));
          }
        }
      }
      differential.compare();
    }
  }

  private static Differential differential(Choices choices) throws IOException {
    RedisModel model = new RedisModel();
    Differential differential =
        new Differential(model, server().connect(), choices.stream("cuts"), MARKER, MARKER_REPLY);
    differential.add(encode("FLUSHALL"));
    return differential;
  }

  private static byte[] command(Choices choices) {
    String[] words = choices.pick(TEMPLATES).split(" ", -1);
    String[] filled = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      filled[i] =
          i == 0 && words.length > 1 && words[0].length() > 1 ? words[0] : fill(choices, words[i]);
    }
    return encode(filled);
  }

  private static String fill(Choices choices, String word) {
    return switch (word) {
      case "K" -> "key" + choices.below(24);
      case "F" -> choices.pick(List.of("", "a", "b", "field", "17", "\u00ff\r\n"));
      case "V" -> value(choices);
      case "C" -> Integer.toString(choices.between(-3, 6));
      case "D" -> choices.pick(List.of("0", "0", "0", "16", "-1", "x", "99999999999"));
      case "S" -> choices.pick(List.of("0", "1", "3", "30", "-1", "x", "536870912"));
      case "N" ->
          choices.pick(
              List.of(
                  "0",
                  "1",
                  "-1",
                  "5",
                  "-5",
                  "17",
                  "010",
                  "+1",
                  "1.5",
                  "",
                  " 1",
                  "-0",
                  "-",
                  "9223372036854775807",
                  "-9223372036854775808",
                  "9223372036854775808"));
      // Lifetimes far from any that could end, or not yet have begun, while the test runs.
      case "X" ->
          choices.pick(
              List.of(
                  "100000000",
                  "0",
                  "-1",
                  "x",
                  "9223372036854775807",
                  "-9223372036854775808",
                  "9223372036854775"));
      case "A" -> choices.pick(List.of("4000000000", "1", "0", "-5", "y"));
      case "E" -> choices.pick(List.of("NX", "xx", "GT", "lt", "zz"));
      case "O" ->
          choices.pick(
              List.of("NX", "xx", "GET", "KEEPTTL", "EX", "PX", "EXAT", "ASYNC", "zz", "9999999"));
      default -> word;
    };
  }

  private static String value(Choices choices) {
    return switch (choices.below(6)) {
      case 0 -> "";
      case 1 -> Integer.toString(choices.between(-20, 20));
      case 2 -> "with space, 'quote' and \r\n line end\u0000 \u00fe";
      case 3 -> "v".repeat(choices.below(300));
      default -> "value" + choices.below(10);
    };
  }

  private static byte[] encode(String... words) {
    ReplyBuffer out = new ReplyBuffer();
    new RespWriter(out).array(words.length);
    for (String word : words) {
      new RespWriter(out).bulk(word.getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.toByteArray();
  }

  /// Sorts the elements of a flat array of bulks: the order of a set's members, and of the fields
  /// of a hash with long values, is redis' own affair (it hashes with a seed of its process). Other
  /// replies stay as they are. (Small hashes keep their order: `WorkloadTest` compares it.)
  private static String sortMembers(String replies) {
    int at = replies.indexOf("\r\n") + 2;
    if (replies.charAt(0) != '*') {
      return replies;
    }
    List<String> members = new ArrayList<>();
    for (int left = Integer.parseInt(replies.substring(1, at - 2)); left > 0; left--) {
      int start = replies.indexOf("\r\n", at) + 2;
      int end = start + Integer.parseInt(replies.substring(at + 1, start - 2)) + 2;
      members.add(replies.substring(start, end));
      at = end;
    }
    members.sort(null);
    return members + replies.substring(at);
  }

  private static String collect(Set<String> lines, String replies) {
    replies.lines().forEach(lines::add);
    return replies;
  }
}
