package twemlab.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.regex.Pattern;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.choice.Choices;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.oracle.PoolOracle;
import twemlab.sim.oracle.Tally;
import twemlab.sim.oracle.Violation;
import twemlab.sim.scenario.ClientFault;
import twemlab.sim.workload.ReplyFramer;
import twemlab.sim.workload.Request;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.workload.Workload;
import twemlab.sim.workload.WorkloadSettings;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.World;

/// A client of the simulated world: sends batches of drawn requests and compares each reply with
/// what the reference model answers, in order. Now and then it does one of the [ClientFault]s, and
/// connects again when it has lost its connection.
final class ClientActor {
  private static final Pattern OK = Pattern.compile("\\+OK\r\n");
  private static final Pattern PROTOCOL_ERROR = Pattern.compile("-ERR Protocol error: [^\r]+\r\n");
  private static final Pattern LINE_ERROR = Pattern.compile("(ERROR|CLIENT_ERROR [^\r]+)\r\n");
  private static final int THINKING_NANOS_MAX = 500_000;
  private static final int MILLISECOND = 1_000_000;
  private static final int OVERRUN_REQUESTS = 1_200;

  private final String name;
  private final World world;
  private final SimHost host;
  private final Address proxy;
  private final PoolOracle pool;
  private final Workload workload;
  private final WireProtocol protocol;
  private final Choices choices;
  private final Choices passwords;
  private final Odds<ClientFault> odds;
  private final Tally tally;
  private Session session;
  private long left;
  private boolean finished;

  /// The proxy has begun its orderly end.
  private boolean proxyEnds;

  ClientActor(
      World world,
      String name,
      Address proxy,
      PoolOracle pool,
      Odds<ClientFault> odds,
      Tally tally,
      long requests,
      Choices choices) {
    this.name = name;
    this.world = world;
    this.proxy = proxy;
    this.pool = pool;
    this.odds = odds;
    this.tally = tally;
    this.choices = choices.stream(name);
    this.passwords = choices.stream(name + "-passwords");
    WorkloadSettings settings = pool.pool().workload().withKeyPrefix(name + ":");
    this.protocol = settings.protocol();
    this.workload = new Workload(settings, choices.stream(name + "-requests"));
    this.left = requests;
    this.host = world.host(name);
    pool.add(workload);
    connect();
  }

  /// Whether every request was answered and the connection is closed.
  boolean finished() {
    return finished;
  }

  /// Requests that are still to be sent.
  long left() {
    return left;
  }

  /// When the oldest unanswered request was sent, or [Long#MAX_VALUE].
  long oldest() {
    return session == null ? Long.MAX_VALUE : session.oldest();
  }

  /// The proxy begins its orderly end: what has arrived will be answered. Whoever loses the
  /// connection does not come back.
  void proxyEnds() {
    proxyEnds = true;
    if (session != null) {
      session.proxyEnds();
    }
  }

  /// The proxy has ended, and everything that it sent has arrived.
  void checkAnswered() {
    if (session != null) {
      session.checkAnswered();
    }
  }

  private void connect() {
    session = new Session();
    session.endpoint = host.connect(proxy, session);
  }

  private void connectAgain() {
    session = null;
    tally.add("client connected again");
    world.scheduler().after(choices.between(1, 20) * (long) MILLISECOND, this::connect);
  }

  /// A text fit for one line.
  private static String shown(String text) {
    String escaped = text.replace("\r", "\\r").replace("\n", "\\n");
    return escaped.length() <= 240 ? escaped : escaped.substring(0, 240) + "…";
  }

  /// @param end what this client had sent, in bytes, when the request was whole
  private record Awaited(Request request, long since, long end) {}

  /// One connection.
  private final class Session implements EndpointHandler {
    private final ReplyFramer framer = new ReplyFramer(protocol);
    private final Queue<Awaited> awaited = new ArrayDeque<>();
    private SimEndpoint endpoint;
    private long sentBytes;

    /// Requests that had arrived when the proxy's orderly end began, and are not answered.
    private int owed;

    /// This client has ended its side, or broken the protocol: the proxy is to close.
    private boolean ending;

    /// What the proxy says last to a client that is ending, if it says anything and has not yet.
    private Pattern lastReply;

    private boolean gone;

    void proxyEnds() {
      long arrived = endpoint.arrivedBytes();
      for (Awaited each : awaited) {
        owed += each.end <= arrived ? 1 : 0;
      }
      tally.add("request that had arrived at the end", owed);
    }

    void checkAnswered() {
      if (owed > 0 && !pool.mayCutOff()) {
        throw new Violation(
            "drain: %d requests of %s had arrived, and were not answered".formatted(owed, name));
      }
    }

    long oldest() {
      return awaited.isEmpty() ? Long.MAX_VALUE : awaited.peek().since;
    }

    @Override
    public void connected(SimEndpoint connected) {
      pool.pool().conf().redisAuth().ifPresent(this::authenticate);
      sendBatch();
    }

    private void authenticate(String password) {
      List<Request> requests = Authentication.draw(passwords, password, name + ":refused");
      if (requests.size() > 1) {
        tally.add("odd authentication");
      }
      requests.forEach(this::send);
    }

    private void send(Request request) {
      register(request);
      endpoint.send(request.bytes());
    }

    private void register(Request request) {
      tally.requests++;
      sentBytes += request.bytes().length;
      if (request.hasReply()) {
        awaited.add(new Awaited(request, world.scheduler().now(), sentBytes));
      } else {
        tally.add("request without reply");
        pool.failed();
        if (pool.settings().lossy() || pool.mayCutOff()) {
          workload.lost(request); // nobody says whether it was executed
        }
      }
      if (request.keys().size() > 1) {
        tally.add("request of many keys");
      }
    }

    private void sendBatch() {
      if (gone || ending) {
        return;
      }
      if (left == 0) {
        finish();
        return;
      }
      List<Request> batch = new ArrayList<>(workload.nextBatch(nowMillis()));
      if (odds.fires(ClientFault.OVERRUN)) {
        while (batch.size() < OVERRUN_REQUESTS) {
          batch.addAll(workload.nextBatch(nowMillis()));
        }
      }
      batch.forEach(this::register);
      left = Math.max(0, left - batch.size());
      write(batch);
      if (!gone && !ending) {
        misbehave();
      }
      if (!gone && awaited.isEmpty() && !ending) {
        think();
      }
    }

    private void write(List<Request> batch) {
      boolean dribbles = odds.fires(ClientFault.DRIBBLE);
      if (!dribbles && choices.chance(1, 16)) {
        batch.forEach(request -> endpoint.send(request.bytes()));
        return;
      }
      ReplyBuffer all = new ReplyBuffer();
      batch.forEach(request -> all.append(request.bytes()));
      byte[] bytes = all.toByteArray();
      if (!dribbles) {
        endpoint.send(bytes);
        return;
      }
      int cut = odds.below(ClientFault.DRIBBLE, bytes.length);
      endpoint.send(Arrays.copyOf(bytes, cut));
      byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
      // Nothing else is sent meanwhile: at least the last request is unanswered. A batch that asks
      // for no reply at the end is followed by the next only after the thinking time.
      long delay = 1_000L * odds.below(ClientFault.DRIBBLE, 100);
      endingAfter(delay, rest);
    }

    private void endingAfter(long delay, byte[] rest) {
      dribbling = true;
      world
          .scheduler()
          .after(
              delay,
              () -> {
                dribbling = false;
                if (!gone) {
                  endpoint.send(rest);
                  if (awaited.isEmpty()) {
                    think();
                  }
                }
              });
    }

    private boolean dribbling;

    private void misbehave() {
      if (dribbling) {
        return;
      }
      if (odds.fires(ClientFault.GARBAGE)) {
        endpoint.send(garbage());
        ending = true;
        lastReply = protocol == WireProtocol.REDIS ? PROTOCOL_ERROR : LINE_ERROR;
      } else if (odds.fires(ClientFault.HALF_CLOSE)) {
        endpoint.halfClose();
        ending = true;
        if (odds.below(ClientFault.HALF_CLOSE, 4) == 3) {
          leaveLater(ClientFault.HALF_CLOSE, endpoint::reset);
        }
      } else if (odds.fires(ClientFault.QUIT)) {
        endpoint.send(quit());
        ending = true;
        lastReply = protocol == WireProtocol.REDIS ? OK : null;
      } else if (odds.fires(ClientFault.STALL)) {
        endpoint.pause();
        long pause = MILLISECOND * (1L + odds.below(ClientFault.STALL, 500));
        world.scheduler().after(pause, endpoint::resume);
      } else if (odds.fires(ClientFault.RESET)) {
        leaveLater(ClientFault.RESET, endpoint::reset);
      } else if (odds.fires(ClientFault.VANISH)) {
        leaveLater(ClientFault.VANISH, endpoint::vanish);
      }
    }

    private void leaveLater(ClientFault kind, Runnable how) {
      world
          .scheduler()
          .after(
              1_000L * odds.below(kind, 300),
              () -> {
                if (!gone) {
                  how.run();
                  lose();
                }
              });
    }

    private byte[] garbage() {
      List<String> kinds =
          protocol == WireProtocol.REDIS
              ? List.of("*1\r\n+\r\n", "*x\r\n", "*2\r\n$3\r\nGETx\r\n")
              : List.of("bad\r\n", "set a 0 0 x\r\n", "get \r\n", "get a\u0001b\r\n");
      String text = kinds.get(odds.below(ClientFault.GARBAGE, kinds.size()));
      // Behind most wrong lines a memcached connection lives.
      String end = protocol == WireProtocol.REDIS ? "" : "quit\r\n";
      return (text + end).getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] quit() {
      String text = protocol == WireProtocol.REDIS ? "*1\r\n$4\r\nQUIT\r\n" : "quit\r\n";
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void think() {
      if (!dribbling) {
        world.scheduler().after(choices.below(THINKING_NANOS_MAX), this::sendBatch);
      }
    }

    /// Half of the clients say that they have finished, the others just close.
    private void finish() {
      if (choices.chance(1, 2)) {
        ending = true;
        endpoint.halfClose();
      } else {
        endpoint.close();
        lose();
      }
    }

    @Override
    public void bytes(SimEndpoint from, byte[] bytes) {
      framer.append(bytes, 0, bytes.length);
      for (byte[] reply = next(); reply != null; reply = next()) {
        judge(reply);
      }
      if (framer.pending() > 0) {
        tally.add("reply in pieces");
      }
    }

    private byte[] next() {
      try {
        return framer.next();
      } catch (IllegalStateException e) {
        throw new Violation("reply: " + name + ": " + e.getMessage(), e);
      }
    }

    private void judge(byte[] reply) {
      if (awaited.isEmpty() && isLastReply(reply)) {
        lastReply = null;
        return;
      }
      if (awaited.isEmpty()) {
        throw new Violation(
            "reply: "
                + name
                + " got a reply that nothing asked for: "
                + shown(new Bytes(reply).toString()));
      }
      Awaited oldest = awaited.poll();
      owed = Math.max(0, owed - 1);
      Request request = oldest.request;
      Workload.Verdict verdict = workload.judge(request, reply);
      boolean known = verdict != Workload.Verdict.UNKNOWN && pool.predictable();
      if (pool.isTooLong(request, reply, known)) {
        tally.add("reply too long");
      } else if (verdict == Workload.Verdict.MATCH) {
        tally.replies++;
        pool.answered(request);
      } else if (pool.allows(reply, request)) {
        tally.error(reply);
        pool.errorAfter(reply, world.scheduler().now() - oldest.since);
        workload.lost(request);
      } else if (verdict == Workload.Verdict.UNKNOWN || !pool.predictable()) {
        tally.add("reply that cannot be predicted");
        workload.lost(request);
        if (!pool.plausible(request, reply)) {
          throw wrong("reply: not even plausible: ", request, reply);
        }
      } else {
        throw wrong("reply: ", request, reply);
      }
      if (awaited.isEmpty() && !ending) {
        think();
      }
    }

    private boolean isLastReply(byte[] reply) {
      return lastReply != null && lastReply.matcher(new Bytes(reply).toString()).matches();
    }

    private Violation wrong(String check, Request request, byte[] reply) {
      return new Violation(
          "%s%s: request %s was answered %s, expected %s"
              .formatted(
                  check,
                  name,
                  shown(request.toString()),
                  shown(new Bytes(reply).toString()),
                  shown(request.expected().toString())));
    }

    /// The connection is gone, whoever ended it.
    private void lose() {
      gone = true;
      awaited.forEach(
          each -> {
            workload.lost(each.request);
            pool.failed();
          });
      awaited.clear();
      if (left == 0 || proxyEnds) {
        finished = true;
        session = null;
      } else {
        connectAgain();
      }
    }

    @Override
    public void end(SimEndpoint from) {
      if (proxyEnds && framer.pending() == 0) {
        checkAnswered();
        endpoint.close();
        lose();
        return;
      }
      boolean answered = awaited.isEmpty() && framer.pending() == 0 && lastReply == null;
      if (!(ending && answered) && !pool.mayCutOff()) {
        throw new Violation(
            "close: %s was closed with %d replies outstanding%s"
                .formatted(name, awaited.size(), ending ? " at its end" : ""));
      }
      endpoint.close();
      lose();
    }

    @Override
    public void failed(SimEndpoint from, Errno errno) {
      if (proxyEnds) {
        checkAnswered();
      } else if (!pool.mayCutOff()) {
        throw new Violation("close: " + name + ": connection failed: " + errno.text());
      }
      lose();
    }

    private long nowMillis() {
      return world.settings().wallMillis() + world.scheduler().now() / MILLISECOND;
    }
  }
}
