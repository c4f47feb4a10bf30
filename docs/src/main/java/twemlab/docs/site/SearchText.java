package twemlab.docs.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.Block;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import twemlab.docs.page.Anchors;
import twemlab.docs.page.Page;

/// What the search of the site looks through: each section of each page.
///
/// @param url of the section in the site
/// @param heading empty for what stands before the first heading
record SearchText(String url, String title, String heading, String text) {
  /// The page of words, and the title under which the search shows one.
  private static final String GLOSSARY = "docs/glossary.md";

  static final String WORD = "A word";

  /// The sections of a page.
  static List<SearchText> of(Page page, String place) {
    Map<Heading, String> anchors = Anchors.ofHeadings(page);
    List<SearchText> sections = new ArrayList<>();
    String title = title(page);
    String heading = "";
    String url = place;
    StringBuilder text = new StringBuilder();
    for (Node node = page.document().getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading next) {
        sections.add(new SearchText(url, title, heading, text.toString().strip()));
        heading = Anchors.text(next);
        url = place + "#" + anchors.get(next);
        text.setLength(0);
      } else {
        append(node, text);
      }
    }
    sections.add(new SearchText(url, title, heading, text.toString().strip()));
    if (page.name().equals(GLOSSARY)) {
      sections.addAll(words(page, place));
    }
    sections.removeIf(section -> section.heading().isEmpty() && section.text().isEmpty());
    return sections;
  }

  /// The rows of the glossary: each is found by its word, before all else.
  private static List<SearchText> words(Page page, String place) {
    List<SearchText> words = new ArrayList<>();
    for (TableRow row : page.all(TableRow.class)) {
      if (row.getParent() instanceof TableBody && row.getFirstChild() != null) {
        Node word = row.getFirstChild();
        StringBuilder means = new StringBuilder();
        append(word.getNext(), means);
        words.add(new SearchText(place, WORD, Anchors.text(word), means.toString().strip()));
      }
    }
    return words;
  }

  /// The first heading, or the name of a page without one.
  static String title(Page page) {
    List<Heading> headings = page.all(Heading.class);
    return headings.isEmpty() ? page.name() : Anchors.text(headings.getFirst());
  }

  private static void append(Node node, StringBuilder text) {
    switch (node) {
      case FencedCodeBlock code -> text.append(code.getLiteral()).append(' ');
      case IndentedCodeBlock code -> text.append(code.getLiteral()).append(' ');
      default -> {
        if (node.getFirstChild() == null) {
          text.append(Anchors.text(node));
        }
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
          append(child, text);
        }
        if (node instanceof Block) {
          text.append(' ');
        }
      }
    }
  }

  /// All of them as a script, because a page that was opened as a file may not fetch another.
  static String script(List<SearchText> texts) {
    StringBuilder script = new StringBuilder("window.siteTexts = [\n");
    for (SearchText each : texts) {
      script
          .append("{\"url\":")
          .append(json(each.url()))
          .append(",\"title\":")
          .append(json(each.title()))
          .append(",\"heading\":")
          .append(json(each.heading()))
          .append(",\"text\":")
          .append(json(each.text()))
          .append("},\n");
    }
    return script.append("];\n").toString();
  }

  private static String json(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n', '\r', '\t' -> json.append(' ');
        default -> json.append(c < ' ' ? " " : String.valueOf(c));
      }
    }
    return json.append('"').toString();
  }
}
