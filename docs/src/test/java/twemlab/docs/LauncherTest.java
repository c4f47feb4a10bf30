package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.sim.run.Checkout;

/// Mentions of the launcher's commands.
class LauncherTest {
  private static List<String> problems(String text) throws IOException {
    Page page = Page.of(Path.of("p.md"), "p.md", text);
    return new Launcher(Checkout.root())
        .problems(page).stream().map(Problem::text).map(s -> s.replaceAll(" none.*", "")).toList();
  }

  @Test
  void knownCommandsInCheckedBlocks() throws IOException {
    assertThat(
            problems(
                """
                `twemlab sim` ./twemlab --help

                ```console
                $ ./twemlab hash
                ```

                ```text
                ./twemlab bench SUITE
                ```
                """))
        .isEmpty();
  }

  @Test
  void unknownCommands() throws IOException {
    assertThat(problems("`twemlab simm`\n\n```console\n$ ./twemlab demoo\n```\n"))
        .containsExactlyInAnyOrder("'simm' is", "'demoo' is");
  }

  @Test
  void uncheckedBlocks() throws IOException {
    assertThat(
            problems(
                "    ./twemlab demo\n\n```\n./twemlab demo\n```\n\n```sh\n./twemlab demo\n```\n"))
        .hasSize(3)
        .allMatch(text -> text.startsWith("a call in a block"));
  }
}
