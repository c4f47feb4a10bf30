import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Where the run is: a line that is rewritten on a terminal, else one line for each module.
final class Progress {
  /// Seconds on two idle processors: what the first run goes by; later ones go by the last.
  private static final Map<String, Integer> SECONDS = new LinkedHashMap<>();

  static {
    SECONDS.put("", 10);
    SECONDS.put("event", 50);
    SECONDS.put("protocol", 11);
    SECONDS.put("hashing", 9);
    SECONDS.put("proxy", 140);
    SECONDS.put("sim", 70);
    SECONDS.put("benchmarks", 44);
    SECONDS.put("docs", 50);
  }

  private final Path kept;
  private final int width;
  private final Map<String, Integer> expected = new LinkedHashMap<>(SECONDS);
  private final Map<String, Integer> taken = new LinkedHashMap<>();
  private final long start = System.nanoTime();
  private long moduleStart = start;
  private String module = "";
  private String running = "";

  /// @param kept the file of durations; null if not all tests run, so that nobody knows how long
  /// @param width of the terminal; 0 if there is none
  Progress(Path kept, int width) throws IOException {
    this.kept = kept;
    this.width = width;
    if (kept != null && Files.exists(kept)) {
      for (String line : Files.readAllLines(kept)) {
        String[] words = line.split("\t");
        expected.replace(words[0], Integer.valueOf(words[1]));
      }
    }
  }

  synchronized void begin(String log) {
    int all = expected.values().stream().mapToInt(Integer::intValue).sum();
    String time = kept == null ? "" : ", about " + minutes(all);
    print("building and testing" + time + "; the whole output: " + log);
    if (width > 0) {
      Thread.ofPlatform().daemon().start(this::tick);
    }
  }

  private void tick() {
    try {
      while (true) {
        draw();
        Thread.sleep(500);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void module(String name) {
    take();
    module = name;
    moduleStart = System.nanoTime();
    running = "builds";
  }

  private void take() {
    taken.put(module, seconds(moduleStart));
  }

  synchronized void running(String name) {
    running = name.substring(name.lastIndexOf('.') + 1);
  }

  synchronized void done(String name, SurefireReports of) {
    take();
    String some = of.failed() == 0 ? "" : ", " + of.failed() + " failed";
    some += of.skipped() == 0 ? "" : ", " + of.skipped() + " skipped";
    String left = left().isEmpty() || name.equals("docs") ? "" : "; " + left();
    print(
        "%-11s %,6d tests in %s%s%s"
            .formatted(name, of.tests(), minutes(taken.get(name)), some, left));
  }

  /// How long the rest takes, if it is as much slower or faster than expected as what is done.
  private String left() {
    if (kept == null) {
      return "";
    }
    int done = 0;
    int doneExpected = 0;
    int rest = 0;
    for (Map.Entry<String, Integer> each : expected.entrySet()) {
      if (taken.containsKey(each.getKey())) {
        done += taken.get(each.getKey());
        doneExpected += each.getValue();
      } else {
        rest += each.getValue();
      }
    }
    double pace = doneExpected < 15 ? 1 : Math.clamp((double) done / doneExpected, 0.3, 5);
    double current = taken.containsKey(module) ? 0 : seconds(moduleStart);
    return "about " + minutes((int) Math.max(1, rest * pace - current)) + " left";
  }

  private synchronized void draw() {
    String left = left().isEmpty() ? "" : ", " + left();
    String name = module.isEmpty() ? "" : module + ": ";
    String line = minutes(seconds(start)) + left + "  " + name + running;
    System.out.print("\r" + line.substring(0, Math.min(line.length(), width - 1)) + "\033[K");
    System.out.flush();
  }

  /// Prints a line where the progress was.
  synchronized void print(String text) {
    System.out.println((width > 0 ? "\r\033[K" : "") + text);
  }

  /// Says how long it took, and keeps that for the next time.
  synchronized void end(boolean passed) throws IOException {
    take();
    print("took " + minutes(seconds(start)));
    if (passed && kept != null) {
      StringBuilder lines = new StringBuilder();
      taken.forEach((name, seconds) -> lines.append(name + "\t" + seconds + "\n"));
      Files.writeString(kept, lines);
    }
  }

  private static int seconds(long since) {
    return (int) ((System.nanoTime() - since) / 1_000_000_000);
  }

  private static String minutes(int seconds) {
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
