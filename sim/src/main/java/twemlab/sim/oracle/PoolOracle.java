package twemlab.sim.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import twemlab.sim.scenario.ServerFault;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.workload.Request;
import twemlab.sim.workload.Workload;

/// What is known about one pool: which server owns a key, which errors are allowed, and whether
/// replies can be predicted at all.
public final class PoolOracle {
  /// How late a timeout may be told, where nothing but the proxy itself could delay it.
  private static final long LATENESS_NANOS = 300_000_000L;

  private final SwarmSettings settings;
  private final SwarmSettings.Pool pool;
  private final AllowedErrors errors;
  private final PlainRouter ring;
  private final BooleanSupplier ejected;
  private final List<Workload> workloads = new ArrayList<>();
  private final Tally tally;

  /// Requests that failed, or of which nobody knows whether they did.
  private long failures;

  private boolean divided;
  private boolean recovering;

  /// @param ejected whether a server of the pool was ever ejected
  public PoolOracle(
      SwarmSettings settings, SwarmSettings.Pool pool, BooleanSupplier ejected, Tally tally) {
    this.tally = tally;
    this.settings = settings;
    this.pool = pool;
    this.ejected = ejected;
    this.errors = new AllowedErrors(settings, pool.conf());
    this.ring = new PlainRouter(pool.conf());
  }

  public SwarmSettings settings() {
    return settings;
  }

  public SwarmSettings.Pool pool() {
    return pool;
  }

  public void add(Workload workload) {
    workloads.add(workload);
  }

  /// Whether a reply follows from the requests of one client: each key has had one owner so far.
  public boolean predictable() {
    return pool.sticky() && !ejected.getAsBoolean();
  }

  public boolean allows(byte[] error, Request request) {
    return !recovering && errors.contains(error, request.keys().size() > 1);
  }

  /// Whether the proxy said that a reply was too long to be passed on, and whether that can be. The
  /// fragments of a divided request have a few bytes each that its reply has not.
  ///
  /// @param expected whether the right reply is known
  public boolean isTooLong(Request request, byte[] reply, boolean expected) {
    long length = request.expected().length();
    long limit = settings.memory().replyBytes();
    long frames = request.keys().size() > 1 ? 40L * pool.conf().servers().size() : 0;
    boolean said = errors.isTooLong(reply);
    if (expected && said && length + frames <= limit) {
      throw new Violation("limit: a reply of %d bytes was too long".formatted(length));
    }
    if (!said && reply.length > limit) {
      throw new Violation("limit: a reply of %d bytes was passed on".formatted(reply.length));
    }
    return said;
  }

  /// From here on nothing goes wrong any more, and no error is excused.
  public void recovering() {
    recovering = true;
  }

  /// Whether a client may lose its connection through no fault of the proxy. One that left without
  /// a word may be back before the proxy knows, and then counts twice.
  public boolean mayCutOff() {
    int limit = pool.conf().clientConnections();
    boolean turnedAway = limit > 0 && (limit < pool.clients() || settings.clientsLeave());
    return !recovering && (turnedAway || settings.clientsMayBeCutOff());
  }

  public void count(String state) {
    tally.add(state);
  }

  /// A request got an error, or its client will never know.
  public void failed() {
    failures++;
  }

  /// A client got an error in place of a reply, so long after it had asked.
  public void errorAfter(byte[] line, long nanos) {
    // Where no server ever refuses, it is the consequence of an ejection, not its cause.
    if (!(settings.onlyIdleEnds() && errors.isRefusal(line))) {
      failed();
    }
    if (!errors.isTimeout(line)) {
      return;
    }
    tally.add("request timed out");
    long limit = pool.conf().timeoutMillis() * 1_000_000L + LATENESS_NANOS;
    if (settings.punctual(pool) && nanos > limit) {
      throw new Violation(
          "late: a request timed out after %d ms, the limit is %d"
              .formatted(nanos / 1_000_000, pool.conf().timeoutMillis()));
    }
  }

  /// A request got its reply.
  public void answered(Request request) {
    if (request.keys().size() > 1 && !divided && predictable()) {
      int first = owner(request.keys().getFirst());
      divided = request.keys().stream().anyMatch(key -> owner(key) != first);
    }
  }

  /// Compares what the proxy counted with what was seen.
  public void checkCounters(long ejects, long fragments) {
    if (settings.onlyIdleEnds() && ejects * pool.conf().serverFailureLimit() > failures) {
      throw new Violation(
          "eject: %d servers were ejected after %d failures, and each needs %d"
              .formatted(ejects, failures, pool.conf().serverFailureLimit()));
    }
    // A reply that nobody asked for counts as a failure, and none of a request.
    boolean strays = settings.serverFaults().containsKey(ServerFault.STRAY);
    if (ejects > 0 && failures == 0 && !pool.conf().preconnect() && !strays) {
      throw new Violation("eject: a server was ejected though no request had failed");
    }
    boolean oneClient = pool.clients() == 1 && settings.clientFaults().isEmpty();
    boolean told = settings.has(ServerFault.ERROR_REPLY) && !oneClient;
    if (ejects > 0 && settings.serversOnlyRefuse(pool) && !told) {
      throw new Violation("eject: a server was ejected by what one client can bring about");
    }
    if (divided && fragments == 0) {
      throw new Violation("counter: requests were divided, and fragments is 0");
    }
  }

  /// The index of the server that a key belongs to.
  int owner(String key) {
    return ring.owner(key);
  }

  /// A server has lost its data: a new epoch for its keys.
  public void restarted(int server) {
    Predicate<String> lost = predictable() ? key -> owner(key) == server : _ -> true;
    workloads.forEach(workload -> workload.forget(lost));
  }

  /// The name of the client that comes when nothing goes wrong any more.
  public String probe() {
    return pool.conf().name() + "-probe";
  }

  /// Every key that a server holds must be one of its own.
  public void checkOwner(int server, Iterable<String> keys) {
    for (String key : keys) {
      // An ejected server is asked again when its time is over: so the probe finds all of them.
      boolean probed = pool.sticky() && key.startsWith(probe());
      if ((probed || predictable()) && owner(key) != server) {
        throw new Violation(
            "owner: key " + key + " reached server " + server + ", it belongs to " + owner(key));
      }
    }
  }

  /// Whether a reply to a request could be right, whatever the keys hold: what can be said of a
  /// reply when the right one is unknown.
  public boolean plausible(Request request, byte[] reply) {
    String text = new String(reply, StandardCharsets.ISO_8859_1);
    if (!pool.conf().redis()) {
      return plausibleMemcached(request, text);
    }
    char first = text.charAt(0);
    if (first == '-') {
      return true;
    }
    return switch (request.command()) {
      case "MGET" -> text.startsWith("*" + request.keys().size() + "\r\n");
      case "GET", "GETDEL", "GETRANGE", "HGET", "LPOP", "RPOP", "GETSET" -> first == '$';
      case "DEL", "UNLINK", "TOUCH", "EXISTS", "INCR", "INCRBY", "DECR", "DECRBY" -> first == ':';
      case "MSET", "SETEX", "PSETEX" -> text.equals("+OK\r\n");
      case "HGETALL", "LRANGE", "SMEMBERS" -> first == '*';
      case "PING" -> text.equals("+PONG\r\n");
      default -> true;
    };
  }

  private static boolean plausibleMemcached(Request request, String reply) {
    boolean get = request.command().startsWith("get");
    if (!reply.startsWith("VALUE ")) {
      return get ? reply.startsWith("END") || isError(reply) : !reply.startsWith("END");
    }
    String key = reply.split(" ", 3)[1];
    return get && request.keys().contains(key);
  }

  private static boolean isError(String reply) {
    return reply.toUpperCase(Locale.ROOT).contains("ERROR");
  }
}
