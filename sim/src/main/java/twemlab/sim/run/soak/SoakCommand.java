package twemlab.sim.run.soak;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.proxy.tool.Choice;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.Progress;
import twemlab.sim.run.hostile.Attacks;
import twemlab.sim.run.hostile.HostileChart;
import twemlab.sim.run.hostile.HostileReport;
import twemlab.sim.run.hostile.HostileSettings;
import twemlab.sim.run.hostile.HostileSoak;
import twemlab.sim.run.servers.ServerProcess;

/// `twemlab soak`: hours of traffic against real servers that fail.
@Command(
    name = "twemlab soak",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = {
      "Starts redis and memcached servers and the proxy before them, sends traffic of both"
          + " protocols and checks every reply, while servers are killed, restarted and stopped at"
          + " random.",
      "Exit code 0 if every reply was right or an error that the contract names, and nothing"
          + " leaked; 1 if not; 2 if a server is not installed."
    })
public final class SoakCommand implements Callable<Integer> {
  private static final double PLAIN_RATE = 20_000;
  private static final double HOSTILE_RATE = 1_500;

  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "20",
      description = "how long, fractions allowed (default: ${DEFAULT-VALUE})")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "of requests and faults (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "requests in a second, at most (default: 20000; 1500 with --hostile)")
  private Double rate;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "epoll",
      description = "how the proxy's loop waits (default: ${DEFAULT-VALUE})")
  private String backend;

  @Option(
      names = "--hostile",
      description = {
        "attackers of every kind beside the clients, and the proxy in a process of its own; the"
            + " promises are then: no wrong reply, no failure but those owed to servers, memory and"
            + " log within their bounds, no exception, an end in order"
      })
  private boolean hostile;

  @Option(
      names = "--attack",
      paramLabel = "NAME",
      description = "with --hostile: this attack only; may be given several times")
  private List<String> attacks = List.of();

  @Option(names = "--list-attacks", description = "prints what --attack accepts, and ends")
  private boolean listAttacks;

  @Option(
      names = "--plot",
      paramLabel = "FILE.svg",
      description = "with --hostile: draws memory and latency over time")
  private Path plot;

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new SoakCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (listAttacks) {
      Attacks.lines().forEach(spec.commandLine().getOut()::println);
      return 0;
    }
    rate = rate != null ? rate : hostile ? HOSTILE_RATE : PLAIN_RATE;
    check("--minutes", minutes);
    check("--rate", rate);
    checkAttacks();
    Optional<Path> redis = ServerProcess.find("redis-server");
    Optional<Path> memcached = ServerProcess.find("memcached");
    if (redis.isEmpty() || memcached.isEmpty()) {
      String missing = redis.isEmpty() ? "redis-server" : "memcached";
      spec.commandLine()
          .getErr()
          .println(
              "twemlab soak: "
                  + missing
                  + " is not installed (Debian: apt-get install redis-server memcached)");
      return CommandLine.ExitCode.USAGE;
    }
    return hostile ? hostile(redis.get(), memcached.get()) : plain(redis.get(), memcached.get());
  }

  private int plain(Path redis, Path memcached) throws IOException, InterruptedException {
    Soak soak = new Soak(redis, memcached, base(), seed, rate);
    List<String> problems;
    try (Progress progress = new Progress("seconds")) {
      long all = Math.max(1, (long) (minutes * 60));
      problems = soak.run(minutes * 60, seconds -> progress.show(seconds.longValue(), all));
    }
    print(soak, problems);
    return problems.isEmpty() ? 0 : 1;
  }

  private int hostile(Path redis, Path memcached) throws IOException, InterruptedException {
    String launcher = Checkout.root().resolve("twemlab").toString();
    List<String> proxy = List.of(launcher, "proxy", "--backend", backend);
    List<String> chosen = attacks.isEmpty() ? Attacks.names() : attacks;
    var settings = new HostileSettings(redis, memcached, proxy, chosen, minutes * 60, seed, rate);
    HostileSoak soak = new HostileSoak(settings);
    List<String> problems;
    try (Progress progress = new Progress("seconds")) {
      long all = Math.max(1, (long) (minutes * 60));
      problems = soak.run((seconds, attack) -> progress.show(seconds.longValue(), all, attack));
    }
    PrintWriter out = spec.commandLine().getOut();
    HostileReport.print(soak, out);
    problems.forEach(problem -> out.println("wrong: " + problem));
    if (problems.isEmpty()) {
      out.println("all promises held");
    }
    if (plot != null) {
      Files.writeString(plot, HostileChart.svg(soak));
    }
    return problems.isEmpty() ? 0 : 1;
  }

  private void checkAttacks() {
    if (!hostile && (!attacks.isEmpty() || plot != null)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--attack and --plot are accepted with --hostile");
    }
    attacks = attacks.stream().map(each -> Choice.of("--attack", each, Attacks.names())).toList();
  }

  private void check(String option, double value) {
    if (!(value > 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + " " + value + "; accepted: more than 0");
    }
  }

  private EventBases base() {
    List<EventBases> bases = EventBases.on(Kernels.host());
    return Choice.of("--backend", backend, bases, EventBases::backend);
  }

  private void print(Soak soak, List<String> problems) {
    PrintWriter out = spec.commandLine().getOut();
    SoakCounts counts = soak.counts();
    out.printf("%12d  requests%n", counts.requests());
    out.printf("%12d  right replies%n", counts.rightReplies());
    out.printf("%12d  replies that an earlier failure made unknown%n", counts.unknownReplies());
    out.printf("%12d  wrong replies%n", counts.wrongReplies());
    out.printf("%12d  connections closed by clients%n", counts.reconnects());
    counts.errors().forEach((line, count) -> out.printf("%12d  %s%n", count.sum(), line));
    counts.faults().forEach((kind, count) -> out.printf("%12d  servers %s%n", count.sum(), kind));
    out.println("resident memory: " + soak.memory().resident());
    out.println("mapped mbufs:    " + soak.memory().mapped());
    problems.forEach(problem -> out.println("wrong: " + problem));
    if (problems.isEmpty()) {
      out.println("leaked: 0 descriptors, 0 messages, 0 mbufs; all gauges at 0");
    }
  }
}
