package twemlab.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import twemlab.sim.run.servers.ServerProcess;

/// Counts the system calls of a process or a thread with perf(1), where it is installed and
/// allowed.
public final class SystemCalls {
  private final Process perf;

  private SystemCalls(Process perf) {
    this.perf = perf;
  }

  /// Begins to count; the count is unknown where perf does not work.
  static SystemCalls of(long pid) throws IOException {
    return start("-p", pid);
  }

  /// Begins to count those of the calling thread.
  public static SystemCalls ofThisThread() throws IOException {
    // proc(5): the link's text is PID/task/TID.
    Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
    return start("-t", Long.parseLong(thread.getFileName().toString()));
  }

  private static SystemCalls start(String option, long id) throws IOException {
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
                option,
                Long.toString(id))
            .redirectErrorStream(true)
            .start();
    pause(300);
    return new SystemCalls(perf);
  }

  /// Ends counting.
  ///
  /// @return the calls, or -1 if they could not be counted
  public long end() throws IOException {
    if (perf == null) {
      return -1;
    }
    if (perf.isAlive()) {
      try {
        // The shell's own: there need not be another.
        new ProcessBuilder("sh", "-c", "kill -INT " + perf.pid()).start().waitFor();
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
