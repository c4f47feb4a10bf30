import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What to say of tests that were skipped or ran with a substitute.
final class Advice {
  private static final Pattern MISSING = Pattern.compile("([\\w-]+)(?: \\d+)? is not installed.*");

  private final Map<String, String> packages = new LinkedHashMap<>();

  Advice(Path programs) throws IOException {
    for (String line : Files.readAllLines(programs)) {
      if (!line.startsWith("#")) {
        String[] words = line.split(" ");
        packages.put(words[0], words[1]);
      }
    }
  }

  List<String> lines(Map<String, Integer> skips, Map<String, String> substitutes) {
    List<String> lines = new ArrayList<>();
    TreeSet<String> wanted = new TreeSet<>();
    int count = skips.values().stream().mapToInt(Integer::intValue).sum();
    if (count > 0) {
      lines.add("skipped: " + count + (count == 1 ? " test" : " tests"));
    }
    skips.forEach(
        (reason, number) -> {
          lines.add("%5d  %s".formatted(number, reason));
          Matcher missing = MISSING.matcher(reason);
          if (missing.matches()) {
            install(missing.group(1), wanted);
          }
        });
    substitutes.forEach(
        (program, substitute) -> {
          lines.add(program + " is not installed; tests ran with " + substitute);
          install(program, wanted);
        });
    if (!wanted.isEmpty()) {
      lines.add("to install what is missing (Debian, Ubuntu): " + command(wanted));
    }
    return lines;
  }

  /// The tests of the viewer want the driver too, but stop at the first that is missing.
  private void install(String program, TreeSet<String> wanted) {
    wanted.add(packages.getOrDefault(program, program));
    if (program.equals("chromium")) {
      wanted.add(packages.getOrDefault("chromedriver", program));
    }
  }

  private static String command(TreeSet<String> wanted) {
    return "sudo apt-get install " + String.join(" ", wanted);
  }
}
