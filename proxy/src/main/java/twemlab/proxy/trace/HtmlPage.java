package twemlab.proxy.trace;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;

/// A trace as one page that needs nothing else: the viewer, and in it the lines of the `.jsonl`
/// form, deflated and in base64.
///
/// ```text
/// viewer.html up to @trace@ | base64(zlib(lines)) | the rest of viewer.html
///     with @style@ and @scripts@ replaced by the other resources
/// ```
public final class HtmlPage implements TraceFile {
  private static final String MARK = "@trace@";

  /// In the order in which they are loaded; each holds one idea.
  private static final List<String> SCRIPTS =
      List.of("model.js", "lanes.js", "inspector.js", "compare.js", "viewer.js");

  private static final Pattern EMBEDDED = Pattern.compile("id=\"trace\">([A-Za-z0-9+/=]*)<");

  private final OutputStream file;
  private final JsonLines lines;
  private final String tail;

  HtmlPage(Path path, TraceHead head, Optional<Path> compare) throws IOException {
    String other = compare.isPresent() ? embedded(compare.get()) : "";
    String page = viewer().replace("@other@", other);
    int mark = page.indexOf(MARK);
    this.file = Files.newOutputStream(path);
    this.tail = page.substring(mark + MARK.length());
    file.write(page.substring(0, mark).getBytes(StandardCharsets.UTF_8));
    OutputStream base64 = Base64.getEncoder().wrap(new KeptOpen(file));
    DeflaterOutputStream deflated = new DeflaterOutputStream(base64);
    this.lines = new JsonLines(new OutputStreamWriter(deflated, StandardCharsets.UTF_8), head);
  }

  /// The page without a trace: it opens those that are dropped on it.
  static String viewer() throws IOException {
    StringBuilder scripts = new StringBuilder();
    for (String name : SCRIPTS) {
      scripts.append("<script>\n").append(resource(name)).append("</script>\n");
    }
    return resource("viewer.html")
        .replace("@style@", resource("viewer.css"))
        .replace("@scripts@", scripts);
  }

  /// A trace as it stands in a page: taken out of one, or made of lines.
  private static String embedded(Path path) throws IOException {
    String text = Files.readString(path);
    Matcher page = EMBEDDED.matcher(text);
    if (page.find()) {
      return page.group(1);
    }
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(deflated)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return Base64.getEncoder().encodeToString(deflated.toByteArray());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = HtmlPage.class.getResourceAsStream("viewer/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void row(TraceRow row) throws IOException {
    lines.row(row);
  }

  @Override
  public void violation(String text) throws IOException {
    lines.violation(text);
  }

  @Override
  public void close() throws IOException {
    lines.close();
    file.write(tail.getBytes(StandardCharsets.UTF_8));
    file.close();
  }

  /// Behind the data comes the rest of the page.
  private static final class KeptOpen extends FilterOutputStream {
    private KeptOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
