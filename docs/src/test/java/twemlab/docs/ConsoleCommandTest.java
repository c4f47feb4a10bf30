package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.docs.page.Page;
import twemlab.docs.page.Problem;

/// What is a command in a page, what its output, and what happens when it is run.
class ConsoleCommandTest {
  private static Page page(String text) {
    return Page.of(Path.of("page.md"), "page.md", text);
  }

  private static Page fence(String info, String text) {
    return page("# A page\n\n```console" + info + "\n" + text + "```\n");
  }

  @Test
  void commandsOutputsAndCommentsAreToldApart() {
    List<ConsoleCommand> commands =
        ConsoleCommand.of(
            fence("", "# first\n$ a \\\n  b\nout 1\n\nout 2\n\n# second\n$ c\n$ d\n# output\n"));
    assertThat(commands)
        .extracting(ConsoleCommand::command, ConsoleCommand::line, ConsoleCommand::output)
        .containsExactly(
            tuple("a \\\n  b", 5, List.of("out 1", "", "out 2")),
            tuple("c", 12, List.of()),
            tuple("d", 13, List.of("# output")));
    assertThat(commands.getFirst().outputLine()).isEqualTo(7);
  }

  @Test
  void wordsBehindConsole() {
    ConsoleCommand command =
        ConsoleCommand.of(fence(" slow exit=2 unchecked=\"stays, and waits\"", "$ a\n")).getFirst();
    assertThat(command.slow()).isTrue();
    assertThat(command.exit()).isEqualTo(2);
    assertThat(command.unchecked()).isEqualTo("stays, and waits");
    assertThatThrownBy(() -> ConsoleCommand.of(fence(" fast", "$ a\n")))
        .hasMessageStartingWith("page.md:3: console fast: accepted are");
    assertThatThrownBy(() -> ConsoleCommand.of(fence("", "a\n")))
        .hasMessageContaining("begins with a command");
  }

  @Test
  void aRunThatKeepsItsPromise() throws Exception {
    assertThat(run("", "$ printf 'one\\ntwo\\n'; echo three >&2\none\n...\nthree\n")).isNull();
    assertThat(run(" exit=3", "$ exit 3\n")).isNull();
  }

  @Test
  void aRunThatDoesNotTellsPageLineExpectedAndGot() throws Exception {
    assertThat(run("", "$ printf 'one\\ntwo\\n'\none\n2\n").toString())
        .startsWith("page.md:6: $ printf 'one\\ntwo\\n'\n  expected: 2\n  got:      two");
    assertThat(run("", "$ echo no; exit 3\n").toString())
        .startsWith("page.md:4: $ echo no; exit 3\nexit code 3 instead of 0")
        .endsWith("no");
  }

  private static Problem run(String info, String text) throws Exception {
    ConsoleCommand command = ConsoleCommand.of(fence(info, text)).getFirst();
    return CommandRun.of(command, Path.of("").toAbsolutePath()).against(command).orElse(null);
  }
}
