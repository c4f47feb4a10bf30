package twemlab.proxy.svg;

import java.util.Locale;

/// A drawing in Scalable Vector Graphics, element by element. Lengths are in pixels, y grows
/// downwards.
public final class Svg {
  private final StringBuilder elements = new StringBuilder();

  /// A filled rectangle.
  public void rectangle(double x, double y, double width, double height, String color) {
    add(
        "<rect x='%.2f' y='%.2f' width='%.2f' height='%.2f' fill='%s'/>",
        x, y, width, height, color);
  }

  /// A straight line.
  ///
  /// @param width of the stroke
  public void line(double x1, double y1, double x2, double y2, String color, double width) {
    add(
        "<line x1='%.2f' y1='%.2f' x2='%.2f' y2='%.2f' stroke='%s' stroke-width='%.2f'/>",
        x1, y1, x2, y2, color, width);
  }

  /// Text whose baseline is at y.
  ///
  /// @param anchor `start`, `middle` or `end`: which part of the text is at x
  public void text(double x, double y, int size, String anchor, String text) {
    add(
        "<text x='%.2f' y='%.2f' font-size='%d' text-anchor='%s'>%s</text>",
        x, y, size, anchor, escape(text));
  }

  /// An area with a text that browsers show when one points at it.
  public void area(String path, String color, String title) {
    add("<path fill='%s' d='%s'><title>%s</title></path>", color, path, escape(title));
  }

  /// A path that is only outlined.
  public void outline(String path, String color, double width) {
    add("<path fill='none' stroke='%s' stroke-width='%.2f' d='%s'/>", color, width, path);
  }

  /// The whole document, white behind, of that size.
  public String document(int width, int height) {
    String head =
        String.format(
            Locale.ROOT,
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'"
                + " font-family='sans-serif' fill='#222222'>%n"
                + "<rect width='100%%' height='100%%' fill='white'/>%n",
            width,
            height,
            width,
            height);
    return head + elements + "</svg>\n";
  }

  // The annotation that Error Prone asks for would be a library of its own.
  @SuppressWarnings("AnnotateFormatMethod")
  private void add(String format, Object... arguments) {
    elements.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '\'' -> escaped.append("&#39;");
        // XML has no place for control characters, not even escaped.
        default -> escaped.append(c < ' ' ? '\ufffd' : c);
      }
    }
    return escaped.toString();
  }
}
