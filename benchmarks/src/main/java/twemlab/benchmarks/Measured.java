package twemlab.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// One result of a JMH run.
///
/// @param type the simple name of the benchmark's class
/// @param method the benchmark's method
/// @param parameters their values by name
/// @param nanos per call
/// @param error half of the 99.9 % confidence interval of `nanos`; not a number with one iteration
/// @param bytes allocated per call, by all threads of the JVM or, where the benchmark counts them,
///   by its own
public record Measured(
    String type,
    String method,
    Map<String, String> parameters,
    double nanos,
    double error,
    double bytes) {

  /// Runs all benchmarks of those classes.
  ///
  /// @param parameters values that take the place of the annotated ones, by name
  /// @param progress takes JMH's own output
  /// @param json where JMH's results are written
  static List<Measured> run(
      List<Class<?>> types,
      Map<String, List<String>> parameters,
      Effort effort,
      OutputFormat progress,
      Path json)
      throws RunnerException, IOException {
    ChainedOptionsBuilder options = options(effort);
    for (Class<?> type : types) {
      options.include("^" + type.getName().replace(".", "\\.") + "\\.");
    }
    parameters.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    var results = new Runner(options.build(), progress).run();
    write(results, json);
    List<Measured> measured = new ArrayList<>();
    for (RunResult result : results) {
      measured.add(of(result));
    }
    return measured;
  }

  /// Runs one benchmark.
  ///
  /// @param parameters values by name
  /// @param progress takes JMH's own output
  /// @throws RunnerException if it fails
  public static Measured run(
      Class<?> type,
      String method,
      Map<String, String> parameters,
      Effort effort,
      OutputFormat progress)
      throws RunnerException {
    ChainedOptionsBuilder options = options(effort).timeout(TimeValue.seconds(30));
    options.include("^" + (type.getName() + "." + method).replace(".", "\\.") + "$");
    parameters.forEach(options::param);
    return of(new Runner(options.build(), progress).runSingle());
  }

  private static ChainedOptionsBuilder options(Effort effort) {
    return new OptionsBuilder()
        .forks(effort.forks())
        .warmupIterations(effort.warmups())
        .warmupTime(effort.iterationTime())
        .measurementIterations(effort.iterations())
        .measurementTime(effort.iterationTime())
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true);
  }

  private static Measured of(RunResult result) {
    BenchmarkParams params = result.getParams();
    String name = params.getBenchmark();
    int method = name.lastIndexOf('.');
    Map<String, String> parameters = new TreeMap<>();
    for (String key : params.getParamsKeys()) {
      parameters.put(key, params.getParam(key));
    }
    return new Measured(
        name.substring(name.lastIndexOf('.', method - 1) + 1, method),
        name.substring(method + 1),
        parameters,
        result.getPrimaryResult().getScore(),
        result.getPrimaryResult().getScoreError(),
        bytes(result));
  }

  /// Where a benchmark counts its own thread's bytes (`ownBytes` in `ownCalls`), those: JMH's
  /// profiler counts JMH's threads, too.
  private static double bytes(RunResult result) {
    var secondary = result.getSecondaryResults();
    return secondary.containsKey("ownBytes")
        ? secondary.get("ownBytes").getScore() / secondary.get("ownCalls").getScore()
        : secondary.get("gc.alloc.rate.norm").getScore();
  }

  /// JMH names the JVM by its path, which says nothing to others.
  private static void write(Iterable<RunResult> results, Path json) throws IOException {
    Files.createDirectories(json.getParent());
    List<RunResult> all = new ArrayList<>();
    results.forEach(all::add);
    ResultFormatFactory.getInstance(ResultFormatType.JSON, json.toString()).writeOut(all);
    String text = Files.readString(json, StandardCharsets.UTF_8);
    Files.writeString(json, text.replaceAll("(\"jvm\" : )\"[^\"]*\"", "$1\"java\""));
  }
}
