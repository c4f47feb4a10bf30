package twemlab.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.soak.Checkout;

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
      paramLabel = "TARGET",
      converter = TargetName.class,
      description =
          "redis-request, redis-reply, memcache-request, memcache-reply, configuration or proxy")
  private FuzzTarget target;

  @Option(names = "--seconds", paramLabel = "N", description = "how long; default ${DEFAULT-VALUE}")
  private int seconds = 60;

  @Option(names = "--replay", paramLabel = "FILE", description = "run this input once, no other")
  private Path replay;

  @Option(
      names = "--trace",
      description = "with --replay, of proxy: show the script and every step of it")
  private boolean trace;

  @Option(
      names = "--shrink",
      description = "with --replay, of proxy: print the smallest script found that fails so")
  private boolean shrink;

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new FuzzCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds < 1) {
      throw usage("--seconds " + seconds + "; accepted: 1 and more");
    }
    if ((trace || shrink) && (replay == null || target != FuzzTarget.PROXY)) {
      throw usage("--trace and --shrink; accepted: with proxy --replay FILE");
    }
    return replay != null ? replay() : fuzz();
  }

  private int replay() throws IOException {
    if (!Files.isRegularFile(replay)) {
      throw usage("--replay " + replay + "; accepted: a file");
    }
    byte[] input = target.input(replay);
    if (shrink) {
      Script small = ScriptShrinker.shrink(Script.decode(input));
      out().print(ScriptText.of(small));
      input = small.encode();
    }
    try {
      if (trace) {
        ProxyCheck.check(input, new ScriptTrace(out()));
      } else {
        target.check(input);
      }
    } catch (Throwable finding) { // a finding may be any, a StackOverflowError too
      finding.printStackTrace(out());
      return 1;
    }
    out().println(target + ": holds for " + replay);
    return 0;
  }

  private int fuzz() throws IOException, InterruptedException {
    JazzerRun run = new JazzerRun(target, Checkout.root());
    err().printf("twemlab fuzz: %s for %d s; log: %s%n", target, seconds, run.log());
    JazzerRun.Report report = run.fuzz(seconds);
    if (report.finding() == null && !report.complete()) {
      err().println("twemlab fuzz: Jazzer did not run to its end; see the log");
      return 1;
    }
    if (report.finding() != null) {
      out().println("finding: " + report.what());
      out().println("input:   " + report.finding());
      out().println("replay:  ./twemlab fuzz " + target + " --replay " + report.finding());
    }
    int findings = report.finding() == null ? 0 : 1;
    out()
        .printf(
            Locale.ROOT,
            "%s: %,d executions, %,d executions/s, %,d inputs kept, findings=%d%n",
            target,
            report.executions(),
            report.speed(),
            report.kept(),
            findings);
    return findings;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private CommandLine.ParameterException usage(String problem) {
    return new CommandLine.ParameterException(spec.commandLine(), problem);
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
