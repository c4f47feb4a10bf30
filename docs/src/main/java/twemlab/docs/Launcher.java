package twemlab.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import twemlab.docs.page.Page;
import twemlab.docs.page.Problem;
import twemlab.docs.page.QuotedCode;

/// What the pages say of the launcher `./twemlab`, held against its table of commands.
final class Launcher {
  private static final Pattern ROW = Pattern.compile("(?m)^([a-z-]+)\\|[a-z]*\\|([\\w.]*)\\|.+$");
  private static final Pattern CALL = Pattern.compile("\\./twemlab ([a-z][a-z-]*)");
  private static final Pattern INLINE = Pattern.compile("^twemlab ([a-z][a-z-]*)");

  private final Set<String> commands = new TreeSet<>();
  private final Set<String> programs = new TreeSet<>();

  Launcher(Path root) throws IOException {
    Matcher row = ROW.matcher(Files.readString(root.resolve("twemlab")));
    while (row.find()) {
      commands.add(row.group(1));
      if (!row.group(2).isEmpty()) {
        programs.add(row.group(1));
      }
    }
  }

  /// The names of the launcher's commands.
  Set<String> commands() {
    return commands;
  }

  /// The names of those commands that are programs of their own.
  Set<String> programs() {
    return programs;
  }

  /// Calls of commands that do not exist, and calls in blocks that nobody checks.
  List<Problem> problems(Page page) {
    List<Problem> problems = new ArrayList<>();
    int number = 0;
    for (String line : page.text().lines().toList()) {
      number++;
      unknown(page, number, CALL.matcher(line), problems);
    }
    for (Code code : page.all(Code.class)) {
      unknown(page, Page.line(code), INLINE.matcher(code.getLiteral()), problems);
    }
    page.all(IndentedCodeBlock.class)
        .forEach(block -> uncheckedCall(page, block, "indented", block.getLiteral(), problems));
    List<FencedCodeBlock> quoted = QuotedCode.of(page).stream().map(QuotedCode::fence).toList();
    for (FencedCodeBlock fence : page.all(FencedCodeBlock.class)) {
      if (!ConsoleCommand.isConsole(fence)
          && !fence.getInfo().equals("text")
          && !quoted.contains(fence)) {
        uncheckedCall(page, fence, "'" + fence.getInfo() + "'", fence.getLiteral(), problems);
      }
    }
    return problems;
  }

  private void unknown(Page page, int line, Matcher call, List<Problem> problems) {
    while (call.find()) {
      if (!commands.contains(call.group(1))) {
        problems.add(
            new Problem(page.name(), line, "'" + call.group(1) + "' is none of " + commands));
      }
    }
  }

  private static void uncheckedCall(
      Page page, Node block, String kind, String text, List<Problem> problems) {
    if (text.contains("./twemlab")) {
      problems.add(
          page.problem(block, "a call in a block (" + kind + ") that is not console or text"));
    }
  }
}
