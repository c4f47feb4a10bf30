package twemlab.docs.site;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.HtmlWriter;
import twemlab.docs.page.Anchors;
import twemlab.docs.page.Links;
import twemlab.docs.page.Page;

/// Makes HTML of one page: headings get their anchors, links lead to places in the site, quoted
/// code names its source.
final class PageHtml {
  private static final Pattern QUOTE = Pattern.compile("<!--\\s*code:\\s*(\\S+)#\\S+\\s*-->\\s*");

  private final SitePaths paths;
  private final Page page;
  private final String up;
  private final Consumer<Path> linked;

  /// @param linked is told of every file and folder of the checkout that the page links to
  PageHtml(SitePaths paths, Page page, Consumer<Path> linked) {
    this.paths = paths;
    this.page = page;
    this.up = SitePaths.up(paths.of(page.file()));
    this.linked = linked;
  }

  String render() {
    Map<Heading, String> anchors = Anchors.ofHeadings(page);
    return HtmlRenderer.builder()
        .extensions(List.of(TablesExtension.create()))
        .attributeProviderFactory(
            _ -> (node, tag, attributes) -> addAttributes(node, tag, attributes, anchors))
        .nodeRendererFactory(Quotes::new)
        .build()
        .render(page.document());
  }

  private void addAttributes(
      Node node, String tag, Map<String, String> attributes, Map<Heading, String> anchors) {
    switch (node) {
      case Heading heading -> attributes.put("id", anchors.get(heading));
      case Link link -> attributes.put("href", place(link.getDestination()));
      case Image image -> attributes.put("src", place(image.getDestination()));
      case TableBlock _ when tag.equals("table") -> attributes.put("tabindex", "0");
      default -> {}
    }
  }

  /// Where a link of the page leads in the site.
  private String place(String destination) {
    if (Links.isForeign(destination) || destination.startsWith("#")) {
      return destination;
    }
    int hash = destination.indexOf('#');
    String anchor = hash < 0 ? "" : destination.substring(hash);
    Path target = Links.target(page, hash < 0 ? destination : destination.substring(0, hash));
    return placeOf(target) + anchor;
  }

  private String placeOf(Path target) {
    linked.accept(target);
    return up + paths.of(target);
  }

  /// The comment above quoted code becomes a link to its source.
  private final class Quotes implements NodeRenderer {
    private final HtmlWriter html;

    Quotes(HtmlNodeRendererContext context) {
      html = context.getWriter();
    }

    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(HtmlBlock.class);
    }

    @Override
    public void render(Node node) {
      String literal = ((HtmlBlock) node).getLiteral();
      Matcher quote = QUOTE.matcher(literal);
      html.line();
      if (quote.matches()) {
        String source = quote.group(1);
        html.raw("<p class=\"source\"><a href=\"" + placeOf(paths.root().resolve(source)) + "\">");
        html.text(source);
        html.raw("</a></p>");
      } else {
        html.raw(literal);
      }
      html.line();
    }
  }
}
