package twemlab.docs.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Links and anchors in a checkout of three pages.
class LinksTest {
  @TempDir private Path root;

  private Page page(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Page.read(root, file);
  }

  @Test
  void goodLinksAndReachability() throws IOException {
    List<Page> pages =
        List.of(
            page("README.md", "[a](docs/#part-one-a-b) [s](http://example.org/x#y) ![i](i.svg)"),
            page("docs/README.md", "# Part one: `a`, (b)\n# Same\n# Same\n[x](#same-1)"),
            page("docs/lost.md", "[up](../README.md)"));
    Files.writeString(root.resolve("i.svg"), "");
    Links links = new Links(root, pages);
    assertThat(links.problems()).isEmpty();
    assertThat(links.count()).isEqualTo(4);
    assertThat(links.unreachable("README.md", "docs/"))
        .extracting(Page::name)
        .containsExactly("docs/lost.md");
  }

  @Test
  void badLinks() throws IOException {
    Page bad =
        page("README.md", "# H\n\n[a](b.md)\n[b](#i)\n![c](c.png)\n[d](../out.md)\n[ok](#h)\n");
    assertThat(new Links(root, List.of(bad)).problems())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "README.md:3: no such file: b.md",
            "README.md:4: no such heading: #i; there are [h]",
            "README.md:5: no such file: c.png",
            "README.md:6: no such file: ../out.md");
  }
}
