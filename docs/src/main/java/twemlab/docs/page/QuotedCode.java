package twemlab.docs.page;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;

/// Code that a page quotes: a comment `<!-- code: PATH#TAG -->` and the fence right below it.
///
/// @param path of the source file in the checkout
/// @param fence null when there is none
public record QuotedCode(
    Page page, HtmlBlock mark, String path, String tag, FencedCodeBlock fence) {
  private static final Pattern MARK = Pattern.compile("<!--\\s*code:\\s*(\\S+)#(\\S+)\\s*-->");

  public static List<QuotedCode> of(Page page) {
    List<QuotedCode> found = new ArrayList<>();
    for (HtmlBlock block : page.all(HtmlBlock.class)) {
      Matcher mark = MARK.matcher(block.getLiteral().strip());
      if (mark.matches()) {
        Node next = block.getNext();
        FencedCodeBlock fence = next instanceof FencedCodeBlock code ? code : null;
        found.add(new QuotedCode(page, block, mark.group(1), mark.group(2), fence));
      }
    }
    return found;
  }

  /// As it is written: path and tag.
  public String source() {
    return path + "#" + tag;
  }
}
