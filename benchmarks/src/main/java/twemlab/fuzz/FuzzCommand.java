package twemlab.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import twemlab.benchmarks.Checkout;
import twemlab.proxy.command.Launch;

/// `twemlab fuzz`: runs Jazzer over one target, or one input again.
@Command(
    name = "twemlab fuzz",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = {
      "Looks for an input that breaks a property, guided by the code that inputs reach (Jazzer).",
      "It starts from benchmarks/corpus/TARGET; what it finds on the way is kept in target/fuzz."
    },
    footer = "Exit code: 0 no finding, 1 a finding (or no run at all), 2 wrong usage.")
public final class FuzzCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "TARGET",
      converter = TargetName.class,
      description = "what to fuzz; --list names them")
  private FuzzTarget target;

  @Option(names = "--seconds", paramLabel = "N", description = "how long; default ${DEFAULT-VALUE}")
  private int seconds = 60;

  @Option(names = "--replay", paramLabel = "FILE", description = "run this input once, no other")
  private Path replay;

  @Option(names = "--list", description = "the targets")
  private boolean list;

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new FuzzCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (list) {
      for (FuzzTarget each : FuzzTarget.values()) {
        out().printf("%-17s %s%n", each, each.title());
      }
      return 0;
    }
    if (target == null) {
      return usage("no TARGET; --list names them");
    }
    if (seconds < 1) {
      return usage("--seconds " + seconds + "; accepted: 1 and more");
    }
    return replay != null ? replay() : fuzz();
  }

  private int replay() throws IOException {
    if (!Files.isRegularFile(replay)) {
      return usage("--replay " + replay + "; accepted: a file");
    }
    try {
      target.check(Files.readAllBytes(replay));
    } catch (Throwable finding) { // a finding may be any, a StackOverflowError too
      finding.printStackTrace(out());
      return 1;
    }
    out().println(target + ": holds for " + replay);
    return 0;
  }

  private int fuzz() throws IOException, InterruptedException {
    JazzerRun run = new JazzerRun(target, Checkout.root());
    JazzerRun.Report report = run.fuzz(seconds);
    if (report.finding() != null) {
      out().println(target + ": " + report.what());
      out().println("input:  " + report.finding());
      out().println("replay: ./twemlab fuzz " + target + " --replay " + report.finding());
      return 1;
    }
    if (!report.complete()) {
      spec.commandLine().getErr().println("twemlab fuzz: Jazzer did not run; see " + run.log());
      return 1;
    }
    out()
        .printf(
            "%s: no finding in %,d executions, %,d s, %,d executions/s, %,d inputs kept%n",
            target, report.executions(), seconds, report.executions() / seconds, report.kept());
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private int usage(String problem) {
    spec.commandLine().getErr().println("twemlab fuzz: " + problem);
    return 2;
  }

  private static final class TargetName implements ITypeConverter<FuzzTarget> {
    @Override
    public FuzzTarget convert(String name) {
      try {
        return FuzzTarget.byName(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
