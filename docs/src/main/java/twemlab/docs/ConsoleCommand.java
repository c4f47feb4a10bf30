package twemlab.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.FencedCodeBlock;
import twemlab.docs.page.Page;

/// One command in a fence with the info string `console`: a line that begins with `$ `, and the
/// output below it.
///
/// A backslash at the end continues the command on the next line. Lines that begin with `#` and
/// stand before a command are comments. Words after `console`: `slow`, `exit=N` (for each command
/// of the fence), `unchecked="reason"`.
///
/// @param line of the command in the page, from 1
/// @param outputLine the first line below the command, from 1
/// @param output as quoted; without trailing blank lines; none means: whatever it prints
/// @param unchecked why it is not run, or empty
record ConsoleCommand(
    Page page,
    int line,
    String command,
    int outputLine,
    List<String> output,
    int exit,
    boolean slow,
    String unchecked) {
  private static final Pattern WORD =
      Pattern.compile("\\s+(?:(slow)|exit=(\\d+)|unchecked=\"([^\"]+)\")");

  /// The words behind `console`.
  private record Info(int exit, boolean slow, String unchecked) {
    static Info of(Page page, FencedCodeBlock fence) {
      int exit = 0;
      boolean slow = false;
      String unchecked = "";
      String rest = fence.getInfo().substring("console".length());
      Matcher word = WORD.matcher(rest);
      while (word.lookingAt()) {
        slow |= word.group(1) != null;
        exit = word.group(2) == null ? exit : Integer.parseInt(word.group(2));
        unchecked = word.group(3) == null ? unchecked : word.group(3);
        word.region(word.end(), rest.length());
      }
      if (word.regionStart() != rest.stripTrailing().length()) {
        throw new IllegalArgumentException(
            page.problem(
                    fence,
                    "console" + rest + ": accepted are slow, exit=N and unchecked=\"reason\"")
                .toString());
      }
      return new Info(exit, slow, unchecked);
    }
  }

  static boolean isConsole(FencedCodeBlock fence) {
    return fence.getInfo().equals("console") || fence.getInfo().startsWith("console ");
  }

  /// All commands of a page.
  ///
  /// @throws IllegalArgumentException when an info string or a fence cannot be understood
  static List<ConsoleCommand> of(Page page) {
    List<ConsoleCommand> commands = new ArrayList<>();
    for (FencedCodeBlock fence : page.all(FencedCodeBlock.class)) {
      if (isConsole(fence)) {
        commands.addAll(of(page, fence));
      }
    }
    return commands;
  }

  private static List<ConsoleCommand> of(Page page, FencedCodeBlock fence) {
    Info info = Info.of(page, fence);
    List<String> lines = fence.getLiteral().lines().toList();
    List<ConsoleCommand> commands = new ArrayList<>();
    int at = skipComments(lines, 0);
    if (at == lines.size() || !lines.get(at).startsWith("$ ")) {
      throw new IllegalArgumentException(
          page.problem(fence, "a console fence begins with a command: $ ...").toString());
    }
    while (at < lines.size()) {
      int begin = at;
      StringBuilder command = new StringBuilder(lines.get(at++).substring(2));
      while (command.charAt(command.length() - 1) == '\\' && at < lines.size()) {
        command.append('\n').append(lines.get(at++));
      }
      int output = at;
      at = nextCommand(lines, at);
      int end = withoutComments(lines, output, at);
      commands.add(
          new ConsoleCommand(
              page,
              Page.line(fence) + 1 + begin,
              command.toString(),
              Page.line(fence) + 1 + output,
              List.copyOf(lines.subList(output, end)),
              info.exit(),
              info.slow(),
              info.unchecked()));
    }
    return commands;
  }

  private static int nextCommand(List<String> lines, int from) {
    int at = from;
    while (at < lines.size() && !lines.get(at).startsWith("$ ")) {
      at++;
    }
    return at;
  }

  /// The end of the output: comments and blank lines before the next command are not part of it.
  private static int withoutComments(List<String> lines, int from, int to) {
    int end = to;
    boolean last = to == lines.size();
    while (end > from
        && (lines.get(end - 1).isBlank() || (!last && lines.get(end - 1).startsWith("#")))) {
      end--;
    }
    return end;
  }

  private static int skipComments(List<String> lines, int from) {
    int at = from;
    while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith("#"))) {
      at++;
    }
    return at;
  }

  /// Where it stands, and what it is.
  @Override
  public String toString() {
    return page.name() + ":" + line + ": " + command;
  }
}
