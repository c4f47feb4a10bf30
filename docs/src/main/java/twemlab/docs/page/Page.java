package twemlab.docs.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/// One Markdown page.
///
/// @param name the file's path in the checkout, with slashes
/// @param document the parsed page; it is a tree that can be changed, and nobody does
public record Page(Path file, String name, String text, Node document) {
  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();

  /// Reads a page.
  public static Page read(Path root, Path file) throws IOException {
    String name = root.relativize(file).toString().replace('\\', '/');
    return of(file, name, Files.readString(file));
  }

  public static Page of(Path file, String name, String text) {
    return new Page(file, name, text, PARSER.parse(text));
  }

  /// All nodes of a kind, in the order of the text.
  public <T extends Node> List<T> all(Class<T> kind) {
    List<T> found = new ArrayList<>();
    collect(document, kind, found);
    return found;
  }

  private static <T extends Node> void collect(Node node, Class<T> kind, List<T> found) {
    if (kind.isInstance(node)) {
      found.add(kind.cast(node));
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      collect(child, kind, found);
    }
  }

  /// The line on which a node begins, from 1.
  public static int line(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      List<SourceSpan> spans = at.getSourceSpans();
      if (!spans.isEmpty()) {
        return spans.getFirst().getLineIndex() + 1;
      }
    }
    return 1;
  }

  /// The last line of a block, from 1.
  public static int lastLine(Node block) {
    return block.getSourceSpans().getLast().getLineIndex() + 1;
  }

  /// The blanks before a line's text: a block in a list has them in each line.
  public static String indent(String line) {
    return line.substring(0, line.length() - line.stripLeading().length());
  }

  public Problem problem(Node node, String text) {
    return new Problem(name, line(node), text);
  }
}
