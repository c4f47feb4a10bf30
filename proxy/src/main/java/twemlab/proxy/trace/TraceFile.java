package twemlab.proxy.trace;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A trace being written: its form goes by the ending of the file's name.
public interface TraceFile extends Closeable {

  /// Adds a step.
  void row(TraceRow row) throws IOException;

  /// Says how the run ended, in words, for a run that failed.
  void violation(String text) throws IOException;

  /// The forms, by the ending.
  enum Form {
    JSONL,
    HTML,
    SVG;

    /// The form of a file, or empty if its ending is another.
    public static Optional<Form> of(Path path) {
      String name = path.toString();
      for (Form form : values()) {
        if (name.endsWith(form.ending())) {
          return Optional.of(form);
        }
      }
      return Optional.empty();
    }

    /// With the dot.
    public String ending() {
      return "." + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// What only some forms heed.
  ///
  /// @param from the first step of a picture, counted from 1
  /// @param to its last one
  /// @param compare another trace that a page shows beside this one
  record Options(long from, long to, Optional<Path> compare) {
    /// The first steps, which fit on a page or two, and nothing to compare.
    public static final Options NONE = new Options(1, 200, Optional.empty());
  }

  /// Creates the file and writes the head.
  static TraceFile create(Path path, Form form, TraceHead head, Options options)
      throws IOException {
    return switch (form) {
      case JSONL -> new JsonLines(path, head);
      case HTML -> new HtmlPage(path, head, options.compare());
      case SVG -> new SvgPicture(path, head, options);
    };
  }
}
