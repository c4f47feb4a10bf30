package twemlab.sim.run.differential;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.Progress;

/// `twemlab differential`: the proxy beside the installed nutcracker.
@Command(
    name = "twemlab differential",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = {
      "Sends the same streams of requests, right and wrong, with and without failing servers, to"
          + " the installed nutcracker and to this proxy, and compares replies, closes, and what"
          + " the servers were asked.",
      "Whatever differs must be a rule of docs/deviations.md. Exit code 0 if all of it is, 1 if"
          + " not, 2 if nutcracker is not installed."
    })
public final class DifferentialCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "5000",
      description = "how many streams (default: ${DEFAULT-VALUE})")
  private long streams;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "of the streams (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--stream", paramLabel = "N", description = "only this one, from 0")
  private Long only;

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new DifferentialCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (streams < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--streams " + streams + "; accepted: 1 and more");
    }
    Optional<Path> nutcracker = Campaign.nutcracker();
    if (nutcracker.isEmpty()) {
      spec.commandLine().getErr().println("twemlab differential: nutcracker is not installed");
      return CommandLine.ExitCode.USAGE;
    }
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    try (Campaign campaign = new Campaign(nutcracker.get(), seed, out::println)) {
      long first = only == null ? 0 : only;
      long end = only == null ? streams : only + 1;
      try (Progress progress = new Progress("streams")) {
        for (long i = first; i < end; i++) {
          campaign.run(i);
          progress.show(i + 1 - first, end - first);
        }
      }
      print(out, campaign, (System.nanoTime() - start) / 1e9);
      return campaign.differing() == 0 ? 0 : 1;
    }
  }

  private static void print(PrintWriter out, Campaign campaign, double seconds) {
    campaign.kinds().forEach((kind, count) -> out.printf("%7d  %s%n", count, kind));
    campaign.mbufs().forEach((bytes, count) -> out.printf("%7d  -m %d%n", count, bytes));
    out.println();
    out.println("streams in which a rule of docs/deviations.md was needed:");
    campaign.rules().forEach((rule, count) -> out.printf("%7d  %s%n", count, rule.id()));
    out.println();
    out.printf(
        "%d streams, %d requests, %.0f s: %d streams with a difference that no rule explains%n",
        campaign.compared(), campaign.requests(), seconds, campaign.differing());
  }
}
