package twemlab.proxy.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.ProcessCalls;

/// Running in the background (`-d`); C counterpart `nc_daemonize`.
///
/// A JVM cannot fork, because only the forking thread would live on in the child. So the daemon is
/// a second JVM with the same command line, which leaves the session and reports through a pipe,
/// its standard output, that it listens, or why not. Unlike nutcracker, whose parent has exited 0
/// before the child tries anything, the caller learns whether the start worked.
///
/// ```text
/// caller ──► parent JVM ── ProcessBuilder ──► daemon JVM: setsid, umask 0, start, listen
///                  ▲                                │
///                  └── "listening" or the reason ◄──┘ pipe, then /dev/null
/// ```
final class Daemon {
  private static final String ENVIRONMENT = "TWEMLAB_DAEMON";
  private static final String LISTENING = "listening";

  private Daemon() {}

  /// Whether this process is the second JVM.
  static boolean isChild() {
    return System.getenv(ENVIRONMENT) != null;
  }

  /// In the first JVM: starts the second and waits for its report.
  ///
  /// @return the exit code: 0 if the daemon listens, else 1
  static int spawn() throws IOException {
    ProcessHandle.Info self = ProcessHandle.current().info();
    List<String> command = new ArrayList<>();
    command.add(self.command().orElseThrow());
    command.addAll(List.of(self.arguments().orElseThrow()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put(ENVIRONMENT, "1");
    Process child = builder.start();
    try (var report =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = report.readLine(); line != null; line = report.readLine()) {
        if (line.equals(LISTENING)) {
          return 0;
        }
        System.err.println(line);
      }
    }
    return 1;
  }

  /// In the second JVM: leaves the session. The working directory is kept.
  static void detach() {
    try (Kernel kernel = Kernels.host()) {
      ProcessCalls process = kernel.process().orElseThrow();
      process.newSession();
      process.fileMask(0);
    }
  }

  /// Where the second JVM says why it cannot start: the pipe to the first.
  static PrintStream report() {
    return System.out;
  }

  /// In the second JVM: reports to the first that the start worked, and closes the pipe.
  static void listening() {
    System.out.println(LISTENING);
    System.out.flush();
    try (Kernel kernel = Kernels.host()) {
      kernel.process().orElseThrow().duplicate(2, 1);
    }
  }
}
