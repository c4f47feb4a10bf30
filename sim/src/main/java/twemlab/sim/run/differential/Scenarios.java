package twemlab.sim.run.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.differential.mirror.Fault;
import twemlab.sim.run.differential.mirror.MirrorReplies;
import twemlab.sim.run.differential.mirror.MirrorServer;
import twemlab.sim.run.differential.mirror.Pause;
import twemlab.sim.run.differential.mirror.Pool;
import twemlab.sim.run.differential.mirror.Wire;

/// Streams in which servers fail. Each failure comes when it has one outcome: with nothing
/// outstanding, or with requests that one segment carried.
final class Scenarios {
  /// Makes a stream of its steps.
  @FunctionalInterface
  interface Maker {
    ClientStream of(Pool pool, boolean faulty, List<Step> steps);
  }

  private static final List<Fault> REDIS_FAULTS =
      List.of(
          Fault.END,
          Fault.PART,
          Fault.RESET,
          Fault.GARBAGE,
          Fault.STRAY,
          Fault.OOM,
          Fault.BUSY,
          Fault.LOADING,
          Fault.OTHER_TYPE);
  private static final List<Fault> MEMCACHED_FAULTS =
      List.of(Fault.END, Fault.PART, Fault.RESET, Fault.GARBAGE, Fault.STRAY, Fault.OTHER_TYPE);

  private Scenarios() {}

  /// Single requests that make a server misbehave, between others.
  static ClientStream faults(Maker maker, Bench bench, RedisRequests requests, Choices choices) {
    boolean one = choices.chance(1, 3);
    Pool pool = one ? bench.pool("single") : bench.pool("redis" + choices.below(12));
    List<Step> steps = new ArrayList<>();
    for (int i = choices.between(1, 6); i > 0; i--) {
      Fault fault = choices.pick(REDIS_FAULTS);
      String bad = fault.word + choices.below(100);
      String text =
          switch (choices.below(5)) {
            case 0 -> Wire.resp("MGET", bad, requests.key(), requests.key());
            case 1 -> Wire.resp(choices.pick(List.of("DEL", "TOUCH")), bad, requests.key());
            case 2 -> Wire.resp("MSET", bad, "v", requests.key(), "w");
            default -> requests.get(bad);
          };
      boolean ends = fault == Fault.END || fault == Fault.PART || fault == Fault.RESET;
      boolean single = text.startsWith("*2\r\n$3\r\nGET");
      if (one && ends && single && choices.chance(1, 2)) {
        text += requests.get("k1") + requests.get("k2") + Wire.resp("PING");
      }
      steps.add(Step.of(text));
      steps.add(Step.of(requests.valid()));
    }
    return maker.of(pool, true, steps);
  }

  /// The same for memcached.
  static ClientStream faults(
      Maker maker, Bench bench, MemcachedRequests requests, Choices choices) {
    boolean one = choices.chance(1, 3);
    Pool pool = one ? bench.pool("plain") : bench.pool("memcached" + 3 * choices.below(4));
    List<Step> steps = new ArrayList<>();
    for (int i = choices.between(1, 6); i > 0; i--) {
      Fault fault = choices.pick(MEMCACHED_FAULTS);
      String bad = fault.word + choices.below(100);
      String text =
          switch (choices.below(5)) {
            case 0 -> "get " + bad + " " + requests.key() + " " + requests.key() + "\r\n";
            case 1 -> "gets " + requests.key() + " " + bad + "\r\n";
            case 2 -> "set " + bad + " 0 0 1\r\nx\r\n";
            case 3 -> "incr " + bad + " 1\r\n";
            default -> "get " + bad + "\r\n";
          };
      steps.add(Step.of(text));
      steps.add(Step.of(requests.valid()));
    }
    return maker.of(pool, true, steps);
  }

  /// A server that nobody can connect to for a while.
  static ClientStream down(Maker maker, Pool pool, Supplier<String> requests, Choices choices) {
    int which = choices.below(pool.weights().size());
    List<Step> steps = new ArrayList<>();
    steps.add(some(pool, requests, choices));
    steps.add(Step.of(requests.get()).after(mirrors -> mirrors.get(which).kill()));
    for (int i = choices.between(1, 5); i > 0; i--) {
      steps.add(some(pool, requests, choices));
    }
    steps.add(Step.of(requests.get()).after(mirrors -> mirrors.get(which).restart()));
    steps.add(some(pool, requests, choices));
    return maker.of(pool, true, steps);
  }

  /// The last one has a reply: when that is there, nothing of the step is still to be forwarded.
  private static Step some(Pool pool, Supplier<String> requests, Choices choices) {
    StringBuilder text = new StringBuilder();
    for (int i = choices.between(1, 4); i > 0; i--) {
      text.append(requests.get());
    }
    text.append(get(pool, "k" + choices.below(200)));
    return Step.of(text.toString());
  }

  /// Servers that want a password, or a database, or neither.
  static ClientStream setup(Maker maker, Bench bench, RedisRequests requests, Choices choices) {
    boolean refused = choices.chance(1, 2);
    Pool pool = bench.pool(refused ? "refused" : "authdatabase");
    List<Step> steps = new ArrayList<>();
    steps.add(Step.of(requests.get("k1") + Wire.resp("AUTH", pool.password())));
    for (int i = choices.between(1, 4); i > 0; i--) {
      String text = requests.get(echoing("echo", choices));
      steps.add(
          refused
              ? Step.of(text).explained(Rule.B7, _ -> "-ERR server authentication failed\r\n")
              : Step.of(text).explained(Rule.C4, all -> all.getLast().replace("0/0:", "0/5:")));
    }
    return maker.of(pool, true, steps);
  }

  /// A key whose reply names the server and the database.
  private static String echoing(String prefix, Choices choices) {
    String key = prefix + choices.below(1000);
    while (!MirrorReplies.echoes(key)) {
      key = prefix + choices.below(1000);
    }
    return key;
  }

  /// A server that answers when the request has timed out.
  static ClientStream timeout(Maker maker, Pool pool, Choices choices) {
    String late = get(pool, Fault.LATE.word + choices.below(100));
    String other = get(pool, "key" + choices.below(100));
    String line = (pool.redis() ? "-ERR" : "SERVER_ERROR") + " Connection timed out\r\n";
    List<Step> steps = new ArrayList<>();
    steps.add(Step.of(other));
    steps.add(Step.of(late));
    steps.add(Step.of(other));
    // The younger request has a third of its time left when the older one's is over.
    steps.add(
        Step.of(List.of(late, other))
            .pausing(Pool.TIMEOUT_MILLIS * 2 / 3)
            .explained(Rule.B1, answers -> line + answers.getFirst()));
    steps.add(Step.of(other));
    return maker.of(pool, true, steps);
  }

  private static String get(Pool pool, String key) {
    return pool.redis() ? Wire.resp("GET", key) : "get " + key + "\r\n";
  }

  /// A server that is ejected, and comes back.
  static ClientStream eject(Maker maker, Bench bench, RedisRequests requests, Choices choices) {
    Pool pool = bench.pool("eject" + choices.between(1, 3));
    int which = choices.below(3);
    boolean all = choices.chance(1, 4);
    List<Step> steps = new ArrayList<>();
    Step.Action kill =
        mirrors -> {
          for (int i = 0; i < mirrors.size(); i++) {
            if (all || i == which) {
              mirrors.get(i).kill();
            }
          }
        };
    steps.add(Step.of(requests.get("k")).after(kill));
    for (int i = 0; i < 12; i++) {
      steps.add(Step.of(requests.get("key" + choices.below(1000))));
    }
    Step.Action wait = _ -> Pause.millis(Pool.RETRY_MILLIS + 300);
    steps.add(Step.of(requests.get("key" + choices.below(1000))).after(wait));
    for (int i = 0; i < 8; i++) {
      steps.add(Step.of(requests.get("key" + choices.below(1000))));
    }
    return maker.of(pool, true, steps);
  }

  /// Servers that end their idle connections, where one failure ejects.
  static ClientStream idle(Maker maker, Bench bench, RedisRequests requests, Choices choices) {
    List<String> words = new ArrayList<>(List.of("MGET"));
    // Keys that look alike would all belong to one server (C13).
    for (int i = 0; i < 100; i++) {
      words.add(Integer.toString(Wire.hash("key" + i), 36));
    }
    String get = requests.get(echoing("key", choices));
    Step.Action end = mirrors -> mirrors.forEach(MirrorServer::finishConnections);
    List<Step> steps = new ArrayList<>();
    steps.add(Step.of(get));
    steps.add(Step.of(Wire.resp(words)));
    steps.add(Step.of(get).after(end).explained(Rule.C15, answers -> answers.getFirst()));
    return maker.of(bench.pool("eject1"), true, steps);
  }
}
