package twemlab.docs;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import twemlab.docs.page.Page;
import twemlab.docs.page.Pages;
import twemlab.docs.page.Problem;
import twemlab.docs.site.JavadocSite;
import twemlab.docs.site.Site;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.Progress;
import twemlab.sim.run.soak.Checkout;

/// `twemlab docs`: builds the site; checks and mends the pages.
@Command(
    name = "twemlab docs",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    sortOptions = false,
    description = "Builds the documentation as a site, or checks and mends its pages.")
public final class DocsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where the site goes (default: target/site in the checkout).")
  private Path out;

  @Option(names = "--javadoc", description = "Add the Javadoc of the public types to the site.")
  private boolean javadoc;

  @Option(
      names = "--check",
      description = "Check code, links, figures and quick commands of the pages.")
  private boolean check;

  @Option(names = "--check-all", description = "The same, with the slow commands.")
  private boolean checkAll;

  @Option(
      names = "--update",
      description = "Write quoted code and generated tables into the pages as they are now.")
  private boolean update;

  @Option(
      names = "--update-output",
      description =
          "Run the commands and replace quoted output that does not fit (its wildcards go, too; a"
              + " line ? asks for output where there is none yet).")
  private boolean updateOutput;

  @Option(
      names = "--screenshots",
      description = "Make the images of docs/screenshots.tsv anew; needs Chromium.")
  private boolean screenshots;

  @Parameters(paramLabel = "PAGE", description = "Only the commands of these pages.")
  private List<Path> only = new ArrayList<>();

  private final Path root = Checkout.root();

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new DocsCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws Exception {
    PageUpdates updates = new PageUpdates(root, page -> out().println("updated " + page));
    if (update) {
      updates.codeAndTables();
      new HelpTexts(root).update(file -> out().println("updated " + file));
    }
    if (updateOutput) {
      updates.output(commands(Pages.all(root)));
    }
    if (screenshots) {
      screenshots();
    }
    if (check || checkAll) {
      return check();
    }
    return update || updateOutput || screenshots ? 0 : site();
  }

  private int site() throws Exception {
    Path folder = out == null ? root.resolve("target/site") : out;
    int files = new Site(root, Pages.all(root), folder).write();
    int code = 0;
    if (javadoc) {
      code = JavadocSite.write(root, folder.resolve("api"), spec.commandLine().getErr());
      out().println("Javadoc: " + folder.resolve("api/index.html"));
    }
    out().println(files + " files; open " + folder.resolve("index.html"));
    return code;
  }

  private int check() throws Exception {
    List<Page> pages = Pages.all(root);
    List<Problem> problems = new ArrayList<>(PageChecks.all(root, pages));
    problems.addAll(new HelpTexts(root).problems());
    List<ConsoleCommand> commands = commands(pages);
    try (CommandChecks checks = new CommandChecks(root);
        Progress progress = new Progress("commands")) {
      int done = 0;
      for (Map.Entry<ConsoleCommand, Future<CommandRun>> each : checks.start(commands).entrySet()) {
        progress.show(done++, commands.size());
        CommandChecks.problem(each.getKey(), each.getValue()).ifPresent(problems::add);
      }
    }
    problems.forEach(spec.commandLine().getErr()::println);
    String verdict = problems.isEmpty() ? "all hold" : problems.size() + " problems";
    out().println(pages.size() + " pages, " + commands.size() + " commands: " + verdict);
    return problems.isEmpty() ? 0 : 1;
  }

  private void screenshots() throws Exception {
    Screenshots all = new Screenshots(root);
    for (Screenshots.Row row : all.rows()) {
      all.make(row);
      out().println("made " + row.image());
    }
  }

  /// The commands of the pages that were asked for, or of all.
  private List<ConsoleCommand> commands(List<Page> pages) {
    List<Path> files = only.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    for (Path file : files) {
      if (pages.stream().noneMatch(page -> page.file().equals(file))) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), file + " is no Markdown page of this checkout");
      }
    }
    List<Page> wanted =
        pages.stream().filter(page -> files.isEmpty() || files.contains(page.file())).toList();
    return CommandChecks.commands(wanted, command -> checkAll || !command.slow());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
