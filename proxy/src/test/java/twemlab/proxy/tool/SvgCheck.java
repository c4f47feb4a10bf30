package twemlab.proxy.tool;

import java.util.ArrayDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks at pictures without a browser: tags that open and close in order, numbers that are.
final class SvgCheck {
  private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)([^<>]*?)(/?)>");

  private SvgCheck() {}

  /// How many elements of that name a picture has.
  ///
  /// @throws AssertionError when it is not a well-formed picture
  static int count(String picture, String name) {
    if (picture.contains("NaN") || picture.contains("Infinity")) {
      throw new AssertionError("a number that is none");
    }
    ArrayDeque<String> open = new ArrayDeque<>();
    int count = 0;
    Matcher tag = TAG.matcher(picture);
    StringBuilder rest = new StringBuilder();
    while (tag.find()) {
      tag.appendReplacement(rest, "");
      if (!tag.group(1).isEmpty()) {
        if (!open.pop().equals(tag.group(2))) {
          throw new AssertionError("closed out of order: " + tag.group());
        }
        continue;
      }
      count += tag.group(2).equals(name) ? 1 : 0;
      if (tag.group(4).isEmpty()) {
        open.push(tag.group(2));
      }
    }
    tag.appendTail(rest);
    if (!open.isEmpty() || rest.indexOf("<") >= 0 || !picture.startsWith("<svg ")) {
      throw new AssertionError("not well-formed");
    }
    return count;
  }
}
