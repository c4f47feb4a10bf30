package twemlab.sim.run.differential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import twemlab.event.backend.EventBases;
import twemlab.sim.run.differential.mirror.Pool;
import twemlab.sim.run.servers.ServerProcess;

/// Many streams, one after the other, before the installed nutcracker and before our proxy.
public final class Campaign implements AutoCloseable {
  private final Path executable;
  private final long seed;
  private final Streams streams;
  private final Map<Integer, Bench> benches = new TreeMap<>();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Map<Integer, Integer> mbufs = new TreeMap<>();
  private final EnumMap<Rule, Integer> rules = new EnumMap<>(Rule.class);
  private final Consumer<String> report;
  private int compared;
  private int differing;
  private long requests;

  /// A campaign.
  ///
  /// @param executable nutcracker
  /// @param report is told of every difference that no rule explains
  public Campaign(Path executable, long seed, Consumer<String> report) {
    this.executable = executable;
    this.seed = seed;
    this.streams = new Streams(seed);
    this.report = report;
  }

  /// The installed nutcracker, if there is one.
  public static Optional<Path> nutcracker() {
    return ServerProcess.find("nutcracker");
  }

  /// The streams' kinds, in words.
  public static List<String> kindNames() {
    return Arrays.stream(Kind.values()).map(kind -> kind.words).toList();
  }

  /// Compares one stream.
  public void run(long number) throws IOException {
    Kind kind = streams.kind(number);
    int mbufBytes = streams.mbufBytes(number);
    if (kind == Kind.REDIS_EJECT || kind == Kind.REDIS_IDLE) {
      try (Bench bench = open(Pool.ejecting(), mbufBytes)) {
        compare(streams.draw(number, bench), bench);
      }
    } else {
      Bench bench = benches.get(mbufBytes);
      if (bench == null) {
        bench = open(Pool.standard(), mbufBytes);
        benches.put(mbufBytes, bench);
      }
      compare(streams.draw(number, bench), bench);
    }
  }

  private Bench open(List<Pool> pools, int mbufBytes) throws IOException {
    return Bench.open(executable, EventBases.EPOLL, pools, mbufBytes);
  }

  private void compare(ClientStream stream, Bench bench) throws IOException {
    Comparison comparison = new Comparison(bench, stream).run();
    compared++;
    requests += comparison.requests();
    mbufs.merge(bench.mbufBytes(), 1, Integer::sum);
    kinds.merge(stream.kind(), 1, Integer::sum);
    comparison.rules().forEach(rule -> rules.merge(rule, 1, Integer::sum));
    if (!comparison.differences().isEmpty()) {
      differing++;
      report.accept(
          "stream "
              + stream.number()
              + " ("
              + stream.kind()
              + ", pool "
              + stream.pool().name()
              + ", -m "
              + bench.mbufBytes()
              + "): "
              + String.join("\n", comparison.differences())
              + "\n  replay: ./twemlab differential --seed "
              + seed
              + " --stream "
              + stream.number());
      // What one stream left behind must not be taken for the next one's.
      benches.values().remove(bench);
      bench.close();
    }
  }

  /// Streams compared so far.
  public int compared() {
    return compared;
  }

  /// Requests in them, right and wrong ones.
  public long requests() {
    return requests;
  }

  /// Streams by the size of an mbuf in bytes.
  public Map<Integer, Integer> mbufs() {
    return mbufs;
  }

  /// Streams with a difference that no rule explains.
  public int differing() {
    return differing;
  }

  /// Streams by kind.
  public Map<String, Integer> kinds() {
    return kinds;
  }

  /// Streams in which each rule was needed.
  public Map<Rule, Integer> rules() {
    return rules;
  }

  @Override
  public void close() {
    benches.values().forEach(Bench::close);
    benches.clear();
  }
}
