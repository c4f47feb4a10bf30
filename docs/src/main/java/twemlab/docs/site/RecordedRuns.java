package twemlab.docs.site;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.Progress;
import twemlab.sim.run.command.SimCommand;
import twemlab.sim.run.lanes.LanesCommand;
import twemlab.sim.run.mutants.MutantsCommand;

/// The runs that the site shows to those who have installed nothing. `docs/runs.tsv` has a row for
/// each; they are made anew with the site, by the commands that a reader would type.
public final class RecordedRuns {
  static final String LIST = "docs/runs.tsv";

  /// Where they are in the site.
  static final String FOLDER = "runs/";

  /// A run that the site shows.
  ///
  /// @param file in the folder of runs
  /// @param title one line
  /// @param look what to look for
  /// @param command without `./twemlab`; FILE stands for the file
  public record Run(String file, String title, String look, String command) {
    private static Run of(String line) {
      String[] fields = line.split("\t", -1);
      if (fields.length != 4) {
        throw new IllegalArgumentException(
            LIST + ": a row has 4 fields (file, title, what to look for, command): " + line);
      }
      return new Run(fields[0], fields[1], fields[2], fields[3]);
    }
  }

  private RecordedRuns() {}

  public static List<Run> all(Path root) throws IOException {
    return Files.readAllLines(root.resolve(LIST)).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Run::of)
        .toList();
  }

  /// Writes all of them.
  ///
  /// @param site the folder of the site
  /// @return how many
  public static int write(Path root, Path site) throws IOException {
    List<Run> runs = all(root);
    Files.createDirectories(site.resolve(FOLDER));
    try (Progress progress = new Progress("recorded runs")) {
      for (Run run : runs) {
        progress.show(runs.indexOf(run), runs.size(), run.title());
        write(run, site.resolve(FOLDER + run.file()));
      }
    }
    return runs.size();
  }

  private static void write(Run run, Path page) throws IOException {
    List<String> words = new ArrayList<>(List.of(run.command().split(" ", -1)));
    words.replaceAll(word -> word.equals("FILE") ? page.toString() : word);
    String name = words.removeFirst();
    Object command =
        switch (name) {
          case "sim" -> new SimCommand();
          case "lanes" -> new LanesCommand();
          case "mutants" -> new MutantsCommand();
          default -> throw new IllegalArgumentException(LIST + ": no run by " + name);
        };
    StringWriter errors = new StringWriter();
    PrintWriter err = new PrintWriter(errors, true);
    int code =
        Launch.run(command, new PrintWriter(new StringWriter()), err, words.toArray(String[]::new));
    if (code != 0 || !Files.exists(page)) {
      throw new IOException(run.command() + ": exit code " + code + " " + errors);
    }
  }

  /// The list of the site's first page.
  public static String html(Path root, String up) throws IOException {
    StringBuilder html =
        new StringBuilder("<section class=\"runs\"><h2>Look at a run</h2>\n<ul>\n");
    for (Run run : all(root)) {
      html.append("<li><a href=\"").append(up).append(FOLDER).append(run.file()).append("\">");
      html.append(run.title()).append("</a><br>").append(run.look()).append("</li>\n");
    }
    return html.append("</ul></section>\n").toString();
  }
}
