package twemlab.sim.run.mutants;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A search for a mutant in a process of its own, because a mutant may turn for ever: a process can
/// be ended then, a thread cannot, and would take its processor from all that is tried later.
public final class MutantProcess {
  private static final String OUTCOME = "outcome";

  private MutantProcess() {}

  /// Runs a method of [MutantTrial] among the classes of a mutant.
  ///
  /// @param directory where the process may write
  /// @param method `run` or `shrink`
  /// @param nanos of processor time to spend
  /// @return its answer; empty if it did not come back in time and was ended
  /// @throws IllegalStateException if it threw: it has found nothing, and has not hung
  static Optional<String> run(
      Mutant mutant, Path directory, String method, long nanos, long patienceMillis)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of(mutant.name(), directory.toString(), method, String.valueOf(nanos)));
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (!process.waitFor(patienceMillis, TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException("the trial of " + mutant.name() + " failed");
    }
    return Optional.of(Files.readString(directory.resolve(OUTCOME)));
  }

  /// This program once more, on the class path or the module path.
  private static List<String> java() {
    String binary = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String heap = "-Xmx" + Math.max(256, Runtime.getRuntime().maxMemory() >> 20) + "m";
    List<String> command = new ArrayList<>(List.of(binary, "-XX:+UseSerialGC", heap));
    String modules = System.getProperty("jdk.module.path", "");
    String classes = System.getProperty("java.class.path", "");
    if (!classes.isEmpty()) {
      command.addAll(List.of("-cp", classes));
    }
    Module module = MutantProcess.class.getModule();
    if (module.isNamed()) {
      command.addAll(List.of("-p", modules, "-m", module.getName() + "/" + name()));
    } else {
      String all = modules.isEmpty() ? classes : classes + File.pathSeparator + modules;
      command.addAll(List.of("-cp", all, name()));
    }
    return command;
  }

  private static String name() {
    return MutantProcess.class.getName();
  }

  /// What [#run] starts.
  ///
  /// @param arguments the mutant, the directory, the method, nanoseconds
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    Path directory = Path.of(arguments[1]);
    Path classes = Files.createDirectory(directory.resolve("classes"));
    MutantLoader loader =
        new MutantLoader(Mutant.named(arguments[0]), MutantsCommand.root(), classes);
    Object answer =
        loader
            .loadClass(MutantTrial.class.getName())
            .getMethod(arguments[2], long.class)
            .invoke(null, Long.parseLong(arguments[3]));
    Files.writeString(directory.resolve(OUTCOME), (String) answer);
  }
}
