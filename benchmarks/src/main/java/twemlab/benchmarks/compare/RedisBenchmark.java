package twemlab.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import twemlab.sim.run.servers.ServerProcess;

/// The generator that comes with redis, one thread, closed loop. It runs for a number of requests,
/// not for a time, so each run sets the number of the next.
final class RedisBenchmark implements ClosedLoop {
  private static final long REQUESTS_FIRST = 20_000;
  private static final long SECONDS_MAX = 120;

  /// The value is a word of the command line, which execve(2) limits to 128 KiB.
  private static final int VALUE_BYTES_MOST = 100_000;

  private final Path program;
  private final int port;
  private final Case load;
  private double rate;

  private RedisBenchmark(Path program, int port, Case load) {
    this.program = program;
    this.port = port;
    this.load = load;
  }

  /// A generator for a case, if `redis-benchmark` is installed, the case is one of redis, and its
  /// values are not too long for a command line.
  static Optional<RedisBenchmark> of(int port, Case load) {
    return load.redis() && load.valueBytes() <= VALUE_BYTES_MOST
        ? ServerProcess.find("redis-benchmark").map(path -> new RedisBenchmark(path, port, load))
        : Optional.empty();
  }

  /// Stores nearly every key that the requests will ask for.
  void fill() throws IOException {
    run(20L * load.keySpace(), load.connections(), 16, load.storing());
  }

  @Override
  public Answered drive(long nanos) throws IOException {
    long batch = (long) load.connections() * load.pipeline();
    long requests =
        rate == 0 ? Math.max(REQUESTS_FIRST / load.keys(), batch) : (long) (rate * nanos / 1e9);
    requests = Math.max(batch, requests);
    rate = run(requests, load.connections(), load.pipeline(), load.asking());
    return new Answered(requests, rate);
  }

  /// @return requests per second, as it says
  private double run(long requests, int connections, int pipeline, List<String> request)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString(), "-h", "127.0.0.1"));
    command.addAll(List.of("-p", Integer.toString(port), "-n", Long.toString(requests)));
    command.addAll(List.of("-c", Integer.toString(connections)));
    command.addAll(List.of("-P", Integer.toString(pipeline)));
    command.addAll(List.of("-r", Integer.toString(load.keySpace()), "--csv"));
    command.addAll(request);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("redis-benchmark: " + lastLine(output));
      }
      return rateIn(output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroy();
    }
  }

  private static String lastLine(String output) {
    return output.strip().lines().reduce("", (_, line) -> line);
  }

  /// The second field of the last line; the first is the whole request, which may hold anything.
  static double rateIn(String csv) throws IOException {
    String last = lastLine(csv);
    int name = last.indexOf("\",\"");
    int end = name < 0 ? -1 : last.indexOf('"', name + 3);
    try {
      return Double.parseDouble(last.substring(name + 3, end));
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new IOException("redis-benchmark printed no rate: " + last, e);
    }
  }
}
