package twemlab.proxy.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import twemlab.hashing.Continuum;
import twemlab.hashing.Distribution;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;

/// `twemlab ring`: servers to the rows of `rings.tsv`.
@Command(
    name = "twemlab ring",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = {
      "Builds rings. Each input line has three columns with tabs between them: distribution,"
          + " servers (name@weight/dead, joined by commas; dead is 0 or 1), hashes to route (joined"
          + " by commas, - for none).",
      "Each output line: distribution, servers, live servers, points, SHA-256 of all points, first"
          + " six points, routes. rendezvous, jump and maglev have routes and no points."
    },
    footer = "Example: printf 'ketama\\ta@1/0,b@2/0\\t0,12345\\n' | twemlab ring --plot ring.svg")
public final class RingCommand implements Callable<Integer> {
  private static final int FIRST_POINTS = 6;

  /// How many servers one warning names.
  private static final int NAMES_MAX = 8;

  private final Streams streams;
  private RingPlot plot;

  @Option(
      names = "--plot",
      paramLabel = "FILE.svg",
      description = "draws the first ring of the input: arcs and shares")
  private Path plotFile;

  RingCommand(Streams streams) {
    this.streams = streams;
  }

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    Streams streams = Streams.ofProcess();
    System.exit(Launch.run(new RingCommand(streams), streams, arguments));
  }

  @Override
  public Integer call() throws IOException {
    LineFilter filter = new LineFilter(streams);
    int exitCode = filter.run(line -> row(line, filter));
    if (plotFile != null && plot != null) {
      plot.write(plotFile);
    }
    return exitCode;
  }

  private String row(String line, LineFilter filter) throws BadLine {
    String[] columns = line.split("\t", -1);
    if (columns.length != 3) {
      throw new BadLine(
          columns.length + " columns; accepted: 3, distribution TAB servers TAB hashes");
    }
    DistributionKind kind = kind(columns[0]);
    List<Node> nodes = Columns.servers(columns[1]);
    int[] hashes = Columns.hashes(columns[2]);
    Distribution distribution = build(kind, nodes);
    if (plotFile != null && plot == null) {
      plot = new RingPlot(kind, nodes, distribution, hashes);
    }
    warnOfServersWithoutPoints(nodes, distribution, filter);
    return String.join("\t", columns[0], columns[1], describe(distribution, hashes));
  }

  private static DistributionKind kind(String name) throws BadLine {
    DistributionKind kind = DistributionKind.byName(name).orElse(null);
    if (kind == null || kind == DistributionKind.RANDOM) {
      String accepted =
          Arrays.stream(DistributionKind.values())
              .filter(k -> k != DistributionKind.RANDOM)
              .map(DistributionKind::configName)
              .collect(Collectors.joining(", "));
      String what = kind == null ? " is not a distribution" : " has no ring";
      throw new BadLine("'" + Columns.shown(name) + "'" + what + "; accepted: " + accepted);
    }
    return kind;
  }

  private static Distribution build(DistributionKind kind, List<Node> nodes) throws BadLine {
    try {
      return kind.build(nodes);
    } catch (ArithmeticException tooHeavy) {
      throw new BadLine(tooHeavy.getMessage());
    }
  }

  private static String describe(Distribution distribution, int[] hashes) {
    if (distribution.liveCount() == 0) {
      return "0\t0\t-\t-\t-";
    }
    StringJoiner routes = new StringJoiner(";").setEmptyValue("-");
    for (int hash : hashes) {
      routes.add(Integer.toUnsignedString(hash) + ":" + distribution.pick(hash, Loads.NONE, 0));
    }
    String points =
        distribution instanceof Continuum ring && ring.pointCount() > 0
            ? ring.pointCount() + "\t" + digest(ring) + "\t" + firstPoints(ring)
            : "0\t-\t-";
    return distribution.liveCount() + "\t" + points + "\t" + routes;
  }

  private static String digest(Continuum ring) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < ring.pointCount(); i++) {
        text.append(Integer.toUnsignedString(ring.pointValue(i)));
        text.append(' ').append(ring.pointIndex(i)).append('\n');
        if (text.length() > 1 << 16 || i + 1 == ring.pointCount()) {
          sha256.update(text.toString().getBytes(StandardCharsets.US_ASCII));
          text.setLength(0);
        }
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static String firstPoints(Continuum ring) {
    StringJoiner points = new StringJoiner(";");
    for (int i = 0; i < Math.min(FIRST_POINTS, ring.pointCount()); i++) {
      points.add(Integer.toUnsignedString(ring.pointValue(i)) + ":" + ring.pointIndex(i));
    }
    return points.toString();
  }

  /// Museum C12: a weight far below the others' is rounded to no points, and the server idles.
  private static void warnOfServersWithoutPoints(
      List<Node> nodes, Distribution distribution, LineFilter filter) {
    if (!(distribution instanceof Continuum ring)) {
      return;
    }
    boolean[] hasPoint = new boolean[nodes.size()];
    for (int i = 0; i < ring.pointCount(); i++) {
      hasPoint[ring.pointIndex(i)] = true;
    }
    List<String> idle =
        nodes.stream()
            .filter(node -> node.live() && !hasPoint[node.index()])
            .map(node -> "'" + node.name() + "'")
            .toList();
    if (!idle.isEmpty()) {
      String names = String.join(", ", idle.subList(0, Math.min(NAMES_MAX, idle.size())));
      String more = idle.size() > NAMES_MAX ? ", ..." : "";
      filter.problem(
          "warning: weight too small for any point, %d of %d live servers: %s%s"
              .formatted(idle.size(), distribution.liveCount(), names, more));
    }
  }
}
