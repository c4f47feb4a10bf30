package twemlab.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import twemlab.docs.page.Page;
import twemlab.docs.page.Pages;
import twemlab.sim.run.Progress;

/// Writes into the pages what comes from elsewhere: quoted code, generated tables, output.
///
/// @param tell is given the name of each page that was changed
record PageUpdates(Path root, Consumer<String> tell) {
  /// Quoted code and the table of C names.
  void codeAndTables() throws IOException {
    List<Page> pages = Pages.all(root);
    CodeQuotes quotes = new CodeQuotes(root, pages);
    for (Page page : pages) {
      write(page, quotes.updated(page));
    }
    Page table = Page.read(root, root.resolve(CounterpartTable.PAGE));
    write(table, CounterpartTable.of(root).into(table.text()));
  }

  /// Runs commands and replaces the quoted output that does not fit.
  void output(List<ConsoleCommand> commands) throws Exception {
    Map<Page, Map<ConsoleCommand, List<String>>> fresh = new LinkedHashMap<>();
    try (CommandChecks checks = new CommandChecks(root);
        Progress progress = new Progress("commands")) {
      int done = 0;
      for (Map.Entry<ConsoleCommand, Future<CommandRun>> each : checks.start(commands).entrySet()) {
        progress.show(done++, commands.size());
        ConsoleCommand command = each.getKey();
        if (CommandChecks.problem(command, each.getValue()).isPresent()) {
          fresh
              .computeIfAbsent(command.page(), _ -> new LinkedHashMap<>())
              .put(command, each.getValue().get().output());
        }
      }
    }
    for (Map.Entry<Page, Map<ConsoleCommand, List<String>>> each : fresh.entrySet()) {
      write(each.getKey(), withOutput(each.getKey(), each.getValue()));
    }
  }

  private static String withOutput(Page page, Map<ConsoleCommand, List<String>> fresh) {
    List<String> lines = new ArrayList<>(page.text().lines().toList());
    for (ConsoleCommand command : List.copyOf(fresh.keySet()).reversed()) {
      int from = command.outputLine() - 1;
      List<String> old = lines.subList(from, from + command.output().size());
      old.clear();
      String indent = Page.indent(lines.get(command.line() - 1));
      old.addAll(fresh.get(command).stream().map(line -> (indent + line).stripTrailing()).toList());
    }
    return String.join("\n", lines) + "\n";
  }

  private void write(Page page, String text) throws IOException {
    if (!text.equals(page.text())) {
      Files.writeString(page.file(), text);
      tell.accept(page.name());
    }
  }
}
