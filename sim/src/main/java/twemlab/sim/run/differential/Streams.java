package twemlab.sim.run.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.run.differential.mirror.Pool;
import twemlab.sim.run.differential.mirror.Wire;

/// Draws the streams of a campaign. A stream is a function of the seed and of its number.
final class Streams {
  private static final int[] WEIGHTS =
      Arrays.stream(Kind.values()).mapToInt(kind -> kind.weight).toArray();

  private final long seed;

  Streams(long seed) {
    this.seed = seed;
  }

  /// The choices of a stream.
  Choices choices(long number) {
    return new SeededChoices(seed * 1_000_003 + number);
  }

  Kind kind(long number) {
    return Kind.values()[choices(number).stream("kind").weighted(WEIGHTS)];
  }

  int mbufBytes(long number) {
    return choices(number).stream("mbuf").chance(1, 2) ? 512 : 16384;
  }

  /// Draws a stream for a bench of the kind's pools.
  ClientStream draw(long number, Bench bench) {
    Kind kind = kind(number);
    Choices choices = choices(number).stream("stream");
    return new Draft(number, kind, bench, choices).stream();
  }

  /// One stream in the making.
  private static final class Draft {
    private final long number;
    private final Kind kind;
    private final Bench bench;
    private final Choices choices;
    private final RedisRequests redis;
    private final MemcachedRequests memcached;

    Draft(long number, Kind kind, Bench bench, Choices choices) {
      this.number = number;
      this.kind = kind;
      this.bench = bench;
      this.choices = choices;
      this.redis = new RedisRequests(choices, bench.mbufBytes());
      this.memcached = new MemcachedRequests(choices, bench.mbufBytes());
    }

    ClientStream stream() {
      return switch (kind) {
        case REDIS -> plain(routed(true), redis::valid, redis::valid, 0);
        case REDIS_ODD -> plain(routed(true), redis::valid, redis::odd, 4);
        case REDIS_WILD -> wild(routed(true), redis::valid);
        case REDIS_AUTH -> auth(bench.pool("auth"));
        case REDIS_DATABASE -> plain(bench.pool("database"), redis::valid, redis::odd, 10);
        case REDIS_FAULTS -> Scenarios.faults(this::of, bench, redis, choices);
        case REDIS_DOWN -> Scenarios.down(this::of, routed(true), redis::valid, choices);
        case REDIS_SETUP -> Scenarios.setup(this::of, bench, redis, choices);
        case REDIS_TIMEOUT -> Scenarios.timeout(this::of, bench.pool("timeout"), choices);
        case REDIS_EJECT -> Scenarios.eject(this::of, bench, redis, choices);
        case REDIS_IDLE -> Scenarios.idle(this::of, bench, redis, choices);
        case MEMCACHED -> plain(routed(false), memcached::valid, memcached::valid, 0);
        case MEMCACHED_ODD -> plain(routed(false), memcached::valid, memcached::odd, 6);
        case MEMCACHED_WILD -> wild(routed(false), memcached::valid);
        case MEMCACHED_FAULTS -> Scenarios.faults(this::of, bench, memcached, choices);
        case MEMCACHED_DOWN -> Scenarios.down(this::of, routed(false), memcached::valid, choices);
        case MEMCACHED_TIMEOUT -> Scenarios.timeout(this::of, bench.pool("late"), choices);
      };
    }

    private ClientStream of(Pool pool, boolean faulty, List<Step> steps) {
      return new ClientStream(number, kind.words, pool, faulty, steps);
    }

    private Pool routed(boolean isRedis) {
      String prefix = isRedis ? "redis" : "memcached";
      return choices.pick(
          bench.pools().stream().filter(pool -> pool.name().startsWith(prefix)).toList());
    }

    /// @param oddOneIn how many right requests come for a wrong one; 0 for none
    private ClientStream plain(
        Pool pool, Supplier<String> valid, Supplier<String> odd, int oddOneIn) {
      StringBuilder text = new StringBuilder();
      int requests = choices.chance(1, 10) ? choices.between(30, 200) : choices.between(1, 20);
      for (int i = 0; i < requests; i++) {
        boolean isOdd = oddOneIn > 0 && choices.chance(1, oddOneIn);
        text.append(isOdd ? odd.get() : valid.get());
      }
      if (choices.chance(1, 6)) {
        text.append(pool.redis() ? Wire.resp("QUIT") : "quit\r\n");
        text.append(valid.get());
      }
      if (choices.chance(1, 10)) {
        String last = valid.get();
        text.append(last, 0, choices.below(last.length()));
      }
      return of(pool, false, List.of(Step.of(cut(text.toString()))));
    }

    /// Right requests, then one with a few bytes changed.
    private ClientStream wild(Pool pool, Supplier<String> valid) {
      StringBuilder text = new StringBuilder();
      for (int i = choices.below(6); i > 0; i--) {
        text.append(valid.get());
      }
      String last = valid.get();
      // A line that does not end leaves nothing to be judged.
      String end = pool.redis() ? "" : "\r\n";
      StringBuilder changed = new StringBuilder(last.substring(0, Math.min(last.length(), 4000)));
      for (int i = choices.between(1, 3); i > 0; i--) {
        change(changed);
      }
      return of(pool, false, List.of(Step.of(cut(text.append(changed).append(end).toString()))));
    }

    private void change(StringBuilder text) {
      int at = choices.below(Math.min(text.length(), choices.chance(1, 2) ? 30 : 4000));
      char other =
          choices.chance(1, 2)
              ? text.charAt(choices.below(text.length()))
              : (char) choices.below(256);
      switch (choices.below(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, other);
        case 2 -> text.setLength(Math.max(1, at));
        default -> text.setCharAt(at, other);
      }
      if (text.isEmpty()) {
        text.append(other);
      }
    }

    private ClientStream auth(Pool pool) {
      StringBuilder text = new StringBuilder();
      for (int i = choices.between(1, 12); i > 0; i--) {
        text.append(
            switch (choices.below(6)) {
              case 0, 1 -> Wire.resp("AUTH", choices.chance(1, 4) ? "wrong" : pool.password());
              case 2 -> choices.chance(1, 2) ? redis.odd() : Wire.resp("AUTH");
              default -> redis.valid();
            });
      }
      return of(pool, false, List.of(Step.of(cut(text.toString()))));
    }

    private List<String> cut(String text) {
      List<String> pieces = new ArrayList<>();
      int cuts = choices.chance(1, 3) ? 0 : choices.between(1, 5);
      int[] at = new int[cuts + 2];
      for (int i = 0; i < cuts; i++) {
        at[i] = choices.below(text.length() + 1);
      }
      at[cuts] = 0;
      at[cuts + 1] = text.length();
      Arrays.sort(at);
      for (int i = 1; i < at.length; i++) {
        if (at[i - 1] < at[i]) {
          pieces.add(text.substring(at[i - 1], at[i]));
        }
      }
      return pieces;
    }
  }
}
