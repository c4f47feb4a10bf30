package twemlab.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import twemlab.sim.run.ServerProcess;

/// Counts a process' system calls with perf(1), where it is installed and allowed.
final class SystemCalls {
  private final Process perf;

  private SystemCalls(Process perf) {
    this.perf = perf;
  }

  /// Begins to count; the count is unknown where perf does not work.
  static SystemCalls of(long pid) throws IOException {
    var executable = ServerProcess.find("perf");
    if (executable.isEmpty()) {
      return new SystemCalls(null);
    }
    Process perf =
        new ProcessBuilder(
                executable.get().toString(),
                "stat",
                "-x",
                ",",
                "-e",
                "raw_syscalls:sys_enter",
                "-p",
                Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    pause(300);
    return new SystemCalls(perf);
  }

  /// Ends counting.
  ///
  /// @return the calls, or -1 if they could not be counted
  long end() throws IOException {
    if (perf == null) {
      return -1;
    }
    if (perf.isAlive()) {
      try {
        new ProcessBuilder("kill", "-INT", Long.toString(perf.pid())).start().waitFor();
        if (!perf.waitFor(5, TimeUnit.SECONDS)) {
          perf.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    String output = new String(perf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (String line : output.lines().toList()) {
      if (line.contains("raw_syscalls:sys_enter") && Character.isDigit(line.charAt(0))) {
        return Long.parseLong(line.substring(0, line.indexOf(',')));
      }
    }
    return -1;
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
