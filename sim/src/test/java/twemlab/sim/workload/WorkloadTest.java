package twemlab.sim.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import twemlab.proxy.testing.RealServer;
import twemlab.proxy.testing.RealServer.Program;
import twemlab.sim.choice.ChoiceLog;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.ReplayedChoices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.run.demo.EmbeddedServer;
import twemlab.sim.workload.Workload.Verdict;

class WorkloadTest {
  private static final long NOW = 1_700_000_000_000L;

  @ParameterizedTest
  @EnumSource(WireProtocol.class)
  void theSameChoicesGiveTheSameRequests(WireProtocol protocol) {
    ChoiceLog log = new ChoiceLog();
    List<Request> first = requests(protocol, new SeededChoices(1, log), 300);
    List<Request> second = requests(protocol, new SeededChoices(1), 300);
    List<Request> replayed = requests(protocol, new ReplayedChoices(log), 300);
    assertThat(second.toString()).isEqualTo(first.toString());
    assertThat(replayed.toString()).isEqualTo(first.toString());
    assertThat(requests(protocol, new SeededChoices(2), 300).toString())
        .isNotEqualTo(first.toString());
  }

  @ParameterizedTest
  @EnumSource(WireProtocol.class)
  void aShrunkLogStillGivesRequests(WireProtocol protocol) {
    List<Request> zeros = requests(protocol, new ReplayedChoices(new ChoiceLog()), 20);
    assertThat(zeros)
        .allSatisfy(request -> assertThat(request.command()).isEqualToIgnoringCase("GET"));
  }

  @ParameterizedTest
  @EnumSource(WireProtocol.class)
  void everyRequestOfTheMixComesAndSucceeds(WireProtocol protocol) {
    WorkloadSettings settings = WorkloadSettings.of(protocol, "c1:");
    Set<String> commands = new LinkedHashSet<>();
    int errors = 0;
    List<Request> requests = requests(protocol, new SeededChoices(3), 5_000);
    for (Request request : requests) {
      commands.add(request.command());
      String reply = new Bytes(request.expected().reply()).toString();
      errors += reply.startsWith("-") || reply.contains("ERROR") ? 1 : 0;
      assertThat(request.hasReply()).isEqualTo(!reply.isEmpty());
      assertThat(request.keys()).allMatch(key -> key.startsWith("c1:") && key.length() <= 120);
    }
    assertThat(commands)
        .containsAll(settings.mix().stream().map(m -> m.template().split(" ", 2)[0]).toList());
    assertThat(errors).isBetween(1, requests.size() / 10);
    assertThat(requests).anyMatch(request -> request.keys().size() > 10);
    assertThat(requests).anyMatch(request -> request.bytes().length > 20_000);
  }

  @Test
  void aLostRequestRetiresItsKeys() {
    Workload workload = workload(WireProtocol.REDIS, new SeededChoices(4));
    List<Request> before = take(workload, 300);
    Request lost = before.stream().filter(r -> r.command().equals("SET")).findFirst().orElseThrow();
    workload.lost(lost);
    String key = lost.keys().getFirst();
    byte[] wrong = "+WRONG\r\n".getBytes(StandardCharsets.ISO_8859_1);
    for (Request request : before) {
      boolean uncertain = request.number() > lost.number() && request.keys().contains(key);
      assertThat(workload.judge(request, wrong))
          .isEqualTo(uncertain ? Verdict.UNKNOWN : Verdict.MISMATCH);
    }
    List<Request> after = take(workload, 2_000);
    assertThat(after).noneMatch(request -> request.keys().contains(key));
    // A fragment of the retired key's index: its new name.
    assertThat(after)
        .anyMatch(
            r -> r.keys().stream().anyMatch(k -> k.startsWith(key.replaceAll("-*$", "") + ".1")));
  }

  @Test
  void setsMayAnswerInAnyOrderAndCasNumbersMayDiffer() {
    Expectation set = expectation("*2\r\n$1\r\na\r\n$1\r\nb\r\n", Expectation.Match.ANY_ORDER);
    assertThat(set.accepts(ascii("*2\r\n$1\r\nb\r\n$1\r\na\r\n"))).isTrue();
    assertThat(set.accepts(ascii("*2\r\n$1\r\nb\r\n$1\r\nb\r\n"))).isFalse();
    Expectation gets = expectation("VALUE k 1 2 33\r\nab\r\nEND\r\n", Expectation.Match.ANY_CAS);
    assertThat(gets.accepts(ascii("VALUE k 1 2 9\r\nab\r\nEND\r\n"))).isTrue();
    assertThat(gets.accepts(ascii("VALUE k 1 2\r\nab\r\nEND\r\n"))).isFalse();
    assertThat(gets.accepts(ascii("VALUE k 1 2 33\r\nax\r\nEND\r\n"))).isFalse();
    assertThat(gets.accepts(ascii("END\r\n"))).isFalse();
  }

  @Test
  void repliesAreFramedAtAnyCut() {
    List<String> redis =
        List.of(
            "+OK\r\n",
            "$-1\r\n",
            "$0\r\n\r\n",
            "*2\r\n:1\r\n*1\r\n$2\r\n\r\n\r\n",
            "*-1\r\n",
            "*0\r\n");
    List<String> memcached =
        List.of(
            "STORED\r\n",
            "END\r\n",
            "VALUE k 0 5\r\nEND\r\n\r\nVALUE b 1 0 7\r\n\r\nEND\r\n",
            "12\r\n");
    for (int step = 1; step < 12; step++) {
      assertThat(frame(WireProtocol.REDIS, redis, step)).isEqualTo(redis);
      assertThat(frame(WireProtocol.MEMCACHED, memcached, step)).isEqualTo(memcached);
    }
  }

  @ParameterizedTest
  @EnumSource(WireProtocol.class)
  void embeddedServersAnswerAsExpected(WireProtocol protocol) throws IOException {
    try (EmbeddedServer server = EmbeddedServer.start(protocol.model(), 0);
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
      exchange(workload(protocol, new SeededChoices(5)), protocol, socket, 60);
    }
  }

  @Test
  void repliesThroughNutcrackerAndTwoRedisServersAreAsExpected() throws IOException {
    Path _ = Program.REDIS.need(7);
    try (RealServer one = RealServer.redis();
        RealServer two = RealServer.redis()) {
      throughNutcracker(WireProtocol.REDIS, one, two);
    }
  }

  @Test
  void repliesThroughNutcrackerAndTwoMemcachedServersAreAsExpected() throws IOException {
    try (RealServer one = RealServer.memcached();
        RealServer two = RealServer.memcached()) {
      throughNutcracker(WireProtocol.MEMCACHED, one, two);
    }
  }

  private static void throughNutcracker(WireProtocol protocol, RealServer one, RealServer two)
      throws IOException {
    String configuration =
        "pool:\n  listen: 127.0.0.1:%PORT%\n  hash: murmur\n  redis: "
            + (protocol == WireProtocol.REDIS)
            + "\n  servers:\n    - 127.0.0.1:"
            + one.port()
            + ":1\n    - 127.0.0.1:"
            + two.port()
            + ":1\n";
    try (RealServer proxy = RealServer.nutcracker(configuration);
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), proxy.port())) {
      exchange(workload(protocol, new SeededChoices(6)), protocol, socket, 150);
    }
  }

  /// Sends batches, and after each waits for its replies.
  private static void exchange(Workload workload, WireProtocol protocol, Socket socket, int batches)
      throws IOException {
    socket.setSoTimeout(10_000);
    ReplyFramer framer = new ReplyFramer(protocol);
    for (int i = 0; i < batches; i++) {
      List<Request> batch = workload.nextBatch(System.currentTimeMillis());
      Thread sender = Thread.ofVirtual().start(() -> send(batch, socket));
      for (Request request : batch) {
        if (request.hasReply()) {
          byte[] reply = receive(framer, socket.getInputStream());
          boolean fits =
              workload.judge(request, reply) == Verdict.MATCH
                  || (protocol == WireProtocol.MEMCACHED && sameValues(request, reply));
          assertThat(fits).as("%.300s: %.300s", request, new Bytes(reply)).isTrue();
        }
      }
      join(sender);
    }
  }

  /// nutcracker gathers the values of a multi-get by taking, for each key in turn, the next value
  /// that the key's server sent; after a miss that is the value of a later key. So the order of the
  /// keys holds within a server, but not across servers.
  private static boolean sameValues(Request request, byte[] reply) {
    return blocks(reply).equals(blocks(request.expected().reply()));
  }

  /// The VALUE blocks in byte order, without cas numbers, then END.
  private static List<String> blocks(byte[] reply) {
    List<String> blocks = new ArrayList<>();
    String rest = new Bytes(reply).toString();
    while (rest.startsWith("VALUE ")) {
      int line = rest.indexOf("\r\n");
      List<String> words = List.of(rest.substring(0, line).split(" ", -1));
      int end = line + 2 + Integer.parseInt(words.get(3)) + 2;
      blocks.add(String.join(" ", words.subList(0, 4)) + rest.substring(line, end));
      rest = rest.substring(end);
    }
    blocks.sort(null);
    blocks.add(rest);
    return blocks;
  }

  private static void send(List<Request> batch, Socket socket) {
    ReplyBuffer joined = new ReplyBuffer();
    batch.forEach(request -> joined.append(request.bytes()));
    try {
      socket.getOutputStream().write(joined.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] receive(ReplyFramer framer, InputStream in) throws IOException {
    byte[] bytes = new byte[1 << 16];
    byte[] reply = framer.next();
    while (reply == null) {
      int count = in.read(bytes);
      assertThat(count).as("bytes before the connection closed").isPositive();
      framer.append(bytes, 0, count);
      reply = framer.next();
    }
    return reply;
  }

  private static List<String> frame(WireProtocol protocol, List<String> replies, int step) {
    byte[] bytes = ascii(String.join("", replies));
    ReplyFramer framer = new ReplyFramer(protocol);
    List<String> framed = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += step) {
      framer.append(bytes, from, Math.min(bytes.length, from + step));
      for (byte[] reply = framer.next(); reply != null; reply = framer.next()) {
        framed.add(new Bytes(reply).toString());
      }
    }
    return framed;
  }

  private static Expectation expectation(String reply, Expectation.Match match) {
    return new Expectation(ascii(reply), match);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Workload workload(WireProtocol protocol, Choices choices) {
    return new Workload(WorkloadSettings.of(protocol, "c1:"), choices.stream("client-1"));
  }

  private static List<Request> requests(WireProtocol protocol, Choices choices, int count) {
    return take(workload(protocol, choices), count);
  }

  private static List<Request> take(Workload workload, int count) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(workload.next(NOW));
    }
    return requests;
  }
}
