package twemlab.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import twemlab.docs.page.Problem;

/// The help of each command as a file, which the launcher prints at once, before anything is built:
/// `docs/help/sim.txt`, and for a command of a command `docs/help/exercise-start.txt`.
///
/// The files hold what the commands themselves print. `test` is a part of the launcher, so its help
/// is written by hand.
record HelpTexts(Path root) {
  private static final String FOLDER = "docs/help";
  private static final String BY_HAND = "test.txt";
  private static final Pattern SUBCOMMAND = Pattern.compile("^  ([a-z]+)  .*");

  /// What the commands print now, by the name of the file.
  private Map<String, String> printed() throws IOException, InterruptedException {
    Map<String, String> texts = new TreeMap<>();
    for (String command : new Launcher(root).programs()) {
      String text = help(List.of(command));
      texts.put(command + ".txt", text);
      for (String sub : subcommands(text)) {
        texts.put(command + "-" + sub + ".txt", help(List.of(command, sub)));
      }
    }
    return texts;
  }

  private static List<String> subcommands(String help) {
    return help.lines()
        .dropWhile(line -> !line.equals("Commands:"))
        .map(SUBCOMMAND::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1))
        .toList();
  }

  private String help(List<String> command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("./twemlab"));
    words.addAll(command);
    words.add("--help");
    ProcessBuilder call =
        new ProcessBuilder(words).directory(root.toFile()).redirectErrorStream(true);
    CommandRun.onTheseClasses(call);
    Process process = call.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", words) + " ended with " + code + ": " + text);
    }
    return text;
  }

  private Map<String, String> stored() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (var files = Files.list(root.resolve(FOLDER))) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  /// Files that are missing, too many, or not what their command prints.
  List<Problem> problems() throws IOException, InterruptedException {
    Map<String, String> stored = stored();
    Map<String, String> printed = printed();
    printed.put(BY_HAND, stored.getOrDefault(BY_HAND, ""));
    List<Problem> problems = new ArrayList<>();
    for (String file : union(stored, printed)) {
      if (!printed.getOrDefault(file, "").equals(stored.get(file))) {
        String advice = "is not what the command prints; ./twemlab docs --update mends it";
        problems.add(new Problem(FOLDER + "/" + file, 1, advice));
      }
    }
    return problems;
  }

  private static List<String> union(Map<String, String> some, Map<String, String> others) {
    return Stream.concat(some.keySet().stream(), others.keySet().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /// Writes the files anew, and deletes those without a command.
  ///
  /// @param tell is given the name of each file that was changed
  void update(Consumer<String> tell) throws IOException, InterruptedException {
    Map<String, String> stored = stored();
    Map<String, String> printed = printed();
    for (Map.Entry<String, String> each : printed.entrySet()) {
      if (!each.getValue().equals(stored.remove(each.getKey()))) {
        Files.writeString(root.resolve(FOLDER).resolve(each.getKey()), each.getValue());
        tell.accept(FOLDER + "/" + each.getKey());
      }
    }
    stored.remove(BY_HAND);
    for (String file : stored.keySet()) {
      Files.delete(root.resolve(FOLDER).resolve(file));
      tell.accept(FOLDER + "/" + file);
    }
  }
}
