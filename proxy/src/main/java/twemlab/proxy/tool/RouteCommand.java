package twemlab.proxy.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import twemlab.hashing.Distribution;
import twemlab.hashing.KeyRouter;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;

/// `twemlab route`: where a pool of a configuration file sends keys.
@Command(
    name = "twemlab route",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = {
      "Routes keys as the proxy does. Each input line is a key, as text or as hex: and hex digits;"
          + " each output line is the key as given, the server's index and its name.",
      "At the end, each server's share of the keys is printed on stderr."
    },
    footer = "Example: seq -f key:%%g 10000 | twemlab route -c conf/nutcracker.yml alpha")
public final class RouteCommand implements Callable<Integer> {
  private static final String HEX_PREFIX = "hex:";

  private final Streams streams;

  @Option(
      names = {"-c", "--conf-file"},
      required = true,
      paramLabel = "CONF",
      description = "configuration file")
  private Path confFile;

  @Parameters(paramLabel = "POOL", description = "name of the pool")
  private String poolName;

  @Option(
      names = "--dead",
      paramLabel = "NAME",
      split = ",",
      description = "servers that are ejected, by name")
  private List<String> dead = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "of the numbers that random draws (default: 0)")
  private long seed;

  @Option(
      names = "--plot",
      paramLabel = "FILE.svg",
      description = "draws the pool's ring, the keys on it, and the shares")
  private Path plotFile;

  RouteCommand(Streams streams) {
    this.streams = streams;
  }

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    Streams streams = Streams.ofProcess();
    System.exit(Launch.run(new RouteCommand(streams), streams, arguments));
  }

  @Override
  public Integer call() throws IOException, ConfException {
    PoolConf pool = pool(ConfFile.read(confFile));
    List<Node> nodes = nodes(pool);
    Distribution distribution = pool.distribution().build(nodes);
    KeyRouter router =
        new KeyRouter(pool.hash(), pool.hashTag().orElse(null), distribution, nodes.size());
    Tally tally = new Tally(nodes.size());
    SplittableRandom random = new SplittableRandom(seed);
    int exitCode = new LineFilter(streams).run(line -> row(line, router, nodes, random, tally));
    printShares(nodes, tally);
    if (plotFile != null) {
      new RingPlot(pool.distribution(), nodes, distribution, tally.hashes())
          .withKeys(pool.name(), pool.hash(), tally.keys)
          .write(plotFile);
    }
    return exitCode;
  }

  private PoolConf pool(Conf conf) {
    return Choice.of(confFile + " has no pool", poolName, conf.pools(), PoolConf::name);
  }

  private List<Node> nodes(PoolConf pool) {
    List<String> names = pool.servers().stream().map(ServerConf::name).toList();
    Set<String> down = new HashSet<>();
    dead.forEach(name -> down.add(Choice.of("--dead: no server", name, names)));
    List<Node> nodes = new ArrayList<>();
    for (ServerConf server : pool.servers()) {
      nodes.add(
          new Node(nodes.size(), server.name(), server.weight(), !down.contains(server.name())));
    }
    return nodes;
  }

  private static String row(
      String line, KeyRouter router, List<Node> nodes, SplittableRandom random, Tally tally)
      throws BadLine {
    byte[] key = key(line);
    int index = router.route(key, 0, key.length, Loads.NONE, random.nextInt());
    if (index < 0) {
      throw new BadLine("no server is live");
    }
    tally.add(index, router.hash(key, 0, key.length));
    byte[] name = nodes.get(index).name().getBytes(StandardCharsets.UTF_8);
    return line + "\t" + index + "\t" + new String(name, StandardCharsets.ISO_8859_1);
  }

  private static byte[] key(String line) throws BadLine {
    if (!line.startsWith(HEX_PREFIX)) {
      return line.getBytes(StandardCharsets.ISO_8859_1);
    }
    String digits = line.substring(HEX_PREFIX.length());
    return digits.isEmpty() ? new byte[0] : Columns.hex(digits);
  }

  private void printShares(List<Node> nodes, Tally tally) {
    for (Node node : nodes) {
      long keys = tally.keys[node.index()];
      double percent = tally.total == 0 ? 0 : 100.0 * keys / tally.total;
      String share = String.format(Locale.ROOT, "%6.2f %%  %d", percent, keys);
      streams.err().println(share + "  " + node.name() + (node.live() ? "" : " (dead)"));
    }
  }

  /// Keys per server, and the hashes of the first ones for the plot.
  private static final class Tally {
    private static final int HASHES_MAX = 4000;

    private final long[] keys;
    private final int[] hashes = new int[HASHES_MAX];
    private long total;

    Tally(int servers) {
      keys = new long[servers];
    }

    void add(int index, int hash) {
      if (total < HASHES_MAX) {
        hashes[(int) total] = hash;
      }
      keys[index]++;
      total++;
    }

    int[] hashes() {
      return Arrays.copyOf(hashes, (int) Math.min(total, HASHES_MAX));
    }
  }
}
