package twemlab.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import twemlab.docs.page.Page;
import twemlab.docs.page.Problem;

/// Runs quoted commands, two pages at a time. The commands of one page run one after the other, in
/// the order of the page, so a later one may use what an earlier one has written.
final class CommandChecks implements AutoCloseable {
  private static final int AT_A_TIME = 2;

  private final Path root;
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);

  CommandChecks(Path root) {
    this.root = root;
  }

  /// All commands of the pages that are to be run at all and meet the condition.
  static List<ConsoleCommand> commands(List<Page> pages, Predicate<ConsoleCommand> which) {
    return pages.stream()
        .flatMap(page -> ConsoleCommand.of(page).stream())
        .filter(command -> command.unchecked().isEmpty())
        .filter(which)
        .toList();
  }

  /// Starts them; each result holds the run, or the exception that prevented it.
  Map<ConsoleCommand, Future<CommandRun>> start(List<ConsoleCommand> commands) {
    Map<ConsoleCommand, Future<CommandRun>> runs = new LinkedHashMap<>();
    Map<String, List<Runnable>> byPage = new LinkedHashMap<>();
    for (ConsoleCommand command : commands) {
      CompletableFuture<CommandRun> run = new CompletableFuture<>();
      runs.put(command, run);
      byPage
          .computeIfAbsent(command.page().name(), _ -> new ArrayList<>())
          .add(() -> complete(run, command));
    }
    byPage.values().forEach(page -> threads.execute(() -> page.forEach(Runnable::run)));
    return runs;
  }

  private void complete(CompletableFuture<CommandRun> run, ConsoleCommand command) {
    try {
      run.complete(CommandRun.of(command, root));
    } catch (Throwable e) { // whatever it is: somebody waits for the result
      run.completeExceptionally(e);
    }
  }

  /// What one of them did not keep, once it has ended.
  static Optional<Problem> problem(ConsoleCommand command, Future<CommandRun> run)
      throws Exception {
    return run.get().against(command);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
