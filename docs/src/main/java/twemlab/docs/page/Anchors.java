package twemlab.docs.page;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/// The names by which links find a place in a page: those that GitHub makes of headings, and
/// explicit `<a id="...">`.
public final class Anchors {
  private static final Pattern EXPLICIT = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

  private Anchors() {}

  /// All anchors of a page.
  static Set<String> of(Page page) {
    Set<String> anchors = new LinkedHashSet<>(ofHeadings(page).values());
    Matcher explicit = EXPLICIT.matcher(page.text());
    while (explicit.find()) {
      anchors.add(explicit.group(1));
    }
    return anchors;
  }

  /// The anchor of each heading: its text in lower case with hyphens for spaces, without
  /// punctuation; repeated ones are numbered.
  public static Map<Heading, String> ofHeadings(Page page) {
    Map<Heading, String> anchors = new LinkedHashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Heading heading : page.all(Heading.class)) {
      String anchor =
          text(heading)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
              .replace(' ', '-');
      int before = seen.merge(anchor, 1, Integer::sum) - 1;
      anchors.put(heading, before == 0 ? anchor : anchor + "-" + before);
    }
    return anchors;
  }

  /// The words of a node, without marks.
  public static String text(Node node) {
    StringBuilder text = new StringBuilder();
    append(node, text);
    return text.toString();
  }

  private static void append(Node node, StringBuilder text) {
    switch (node) {
      case Text words -> text.append(words.getLiteral());
      case Code code -> text.append(code.getLiteral());
      case SoftLineBreak _ -> text.append(' ');
      default -> {
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
          append(child, text);
        }
      }
    }
  }
}
