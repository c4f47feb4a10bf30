package twemlab.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a proxy's JVM has spent on memory since it started.
///
/// @param collections pauses of the garbage collector
/// @param collectorMillis their length
/// @param allocatedBytes what the loop's thread has allocated, to a mebibyte; -1 if unknown
record JvmCosts(long collections, double collectorMillis, long allocatedBytes) {
  /// A line of `-Xlog:gc`: `[4.012s][info][gc] GC(3) Pause Young (...) 2M->1M(61M) 0.512ms`.
  private static final Pattern PAUSE = Pattern.compile(" Pause .* ([0-9.]+)ms$");

  /// `jcmd PID Thread.print -e` adds it to a thread's first line.
  private static final Pattern ALLOCATED =
      Pattern.compile("^\"main\" .* allocated=([0-9]+)([BKMG])", Pattern.MULTILINE);

  /// Reads the log of the collector and asks the JVM.
  static JvmCosts of(Path gcLog, long pid) throws IOException {
    JvmCosts pauses = inLog(Files.readAllLines(gcLog));
    return new JvmCosts(pauses.collections, pauses.collectorMillis, allocatedIn(threads(pid)));
  }

  static JvmCosts inLog(List<String> lines) {
    long collections = 0;
    double millis = 0;
    for (String line : lines) {
      Matcher pause = PAUSE.matcher(line);
      if (pause.find()) {
        collections++;
        millis += Double.parseDouble(pause.group(1));
      }
    }
    return new JvmCosts(collections, millis, -1);
  }

  static long allocatedIn(String threads) {
    Matcher allocated = ALLOCATED.matcher(threads);
    return allocated.find()
        ? Long.parseLong(allocated.group(1)) << (10 * "BKMG".indexOf(allocated.group(2)))
        : -1;
  }

  private static String threads(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print", "-e")
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// What was spent since an earlier reading.
  JvmCosts since(JvmCosts earlier) {
    boolean known = allocatedBytes >= 0 && earlier.allocatedBytes >= 0;
    return new JvmCosts(
        collections - earlier.collections,
        collectorMillis - earlier.collectorMillis,
        known ? allocatedBytes - earlier.allocatedBytes : -1);
  }
}
