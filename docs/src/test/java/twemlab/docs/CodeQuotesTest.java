package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.docs.page.Page;
import twemlab.docs.page.Problem;

/// Code quoted by tag, in a checkout of two files.
class CodeQuotesTest {
  @TempDir private Path root;

  @BeforeEach
  void writeSource() throws IOException {
    source(
        """
        class A {
          @tag::all[]
          int a;

          @tag::b[]
            int b;
          @end::b[]
          @end::all[]
        }
        """);
  }

  /// Marks are written with an `@`, lest they be marks of this file.
  private void source(String text) throws IOException {
    Files.writeString(root.resolve("A.java"), text.replace("@", "// "));
  }

  private CodeQuotes quotes(String text) {
    try {
      return new CodeQuotes(root, List.of(page(text)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Page page(String text) {
    return Page.of(root.resolve("page.md"), "page.md", text);
  }

  private static String quote(String tag, String code) {
    return "<!-- code: A.java#" + tag + " -->\n```java\n" + code + "```\n\n";
  }

  private static final String GOOD = quote("all", "int a;\n\n  int b;\n") + quote("b", "int b;\n");

  @Test
  void theSourcesTextFits() {
    assertThat(quotes(GOOD).problems()).isEmpty();
  }

  @Test
  void anotherTextDoesNotFit() {
    assertThat(quotes(GOOD.replace("\nint b;", "\nint c;")).problems())
        .singleElement()
        .hasToString(
            "page.md:8: A.java#b: differs from the source; run ./twemlab docs --update. First at"
                + " line 1: source <int b;>, page <int c;>");
  }

  @Test
  void updateWritesTheSourcesText() throws IOException {
    String stale =
        "# T\n\n"
            + quote("all", "old\n")
            + "text\n\n- item\n\n  "
            + quote("b", "  old\n  old\n").replace("```", "  ```").replace("\n\n", "\n");
    String fresh =
        "# T\n\n"
            + quote("all", "int a;\n\n  int b;\n")
            + "text\n\n- item\n\n  "
            + quote("b", "  int b;\n").replace("```", "  ```").replace("\n\n", "\n");
    Page page = page(stale);
    assertThat(new CodeQuotes(root, List.of(page)).updated(page)).isEqualTo(fresh);
  }

  @Test
  void danglingAndUnquotedTagsAreProblems() {
    assertThat(quotes(quote("c", "x\n") + quote("b", "int b;\n")).problems())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "page.md:1: A.java#c: no such tag; there are [b, all]",
            "A.java:2: nobody quotes tag all");
  }

  @Test
  void brokenTagsAreProblems() throws IOException {
    source("@tag::a[]\n@end::a[]\n@tag::a[]\n@end::a[]\n@end::b[]\n@tag::c[]\n");
    assertThat(quotes("").problems())
        .extracting(Problem::text)
        .contains(
            "tag a is there twice", "end of b, which is not the open tag", "tag c has no end");
  }
}
