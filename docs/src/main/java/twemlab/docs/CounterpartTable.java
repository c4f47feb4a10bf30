package twemlab.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import twemlab.docs.page.Pages;

/// The table from twemproxy's names to ours, made from doc comments.
///
/// A comment that says `C counterpart` or `C counterparts` gives a row: the names in backticks and
/// the names of C files from there to the end of the sentence.
record CounterpartTable(List<Row> rows) {
  static final String PAGE = "docs/c-to-java.md";

  private static final String BEGIN =
      "<!-- made by ./twemlab docs --update from the doc comments -->";
  private static final String END = "<!-- end -->";
  private static final Pattern SENTENCE =
      Pattern.compile("C counterparts?:? (.*?)(?:[.;](?:\\s|$)|$)");
  private static final Pattern NAME =
      Pattern.compile("`([^`]+)`|((?:[a-z]+/)?nc(?:_[a-z0-9*]+)?\\.[ch])\\b");
  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w*)");
  private static final Pattern MEMBER = Pattern.compile("(\\w+)\\s*(?:\\(|=|;|,|$)");

  /// One comment.
  ///
  /// @param c the C names, as the comment gives them
  /// @param java a type, or a type and its member
  /// @param file of the comment, in the checkout
  record Row(String module, List<String> c, String java, String file) {
    String line() {
      return "| `" + String.join("`, `", c) + "` | [" + java + "](../" + file + ") |\n";
    }
  }

  static CounterpartTable of(Path root) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String module : List.of("event", "protocol", "hashing", "proxy")) {
      for (Path file : Pages.files(root.resolve(module + "/src/main"), ".java")) {
        String name = root.relativize(file).toString().replace('\\', '/');
        rows.addAll(of(module, name, Files.readAllLines(file)));
      }
    }
    return new CounterpartTable(rows);
  }

  /// The rows of one source file.
  static List<Row> of(String module, String file, List<String> lines) {
    List<Row> rows = new ArrayList<>();
    StringBuilder comment = new StringBuilder();
    for (String line : lines) {
      String text = line.strip();
      if (text.startsWith("///")) {
        comment.append(text.substring(3).strip()).append(' ');
      } else if (!comment.isEmpty()
          && !text.startsWith("@")
          && !text.startsWith("//")
          && !text.isEmpty()) {
        List<String> names = names(comment.toString());
        if (!names.isEmpty()) {
          rows.add(new Row(module, names, javaName(file, text), file));
        }
        comment.setLength(0);
      }
    }
    return rows;
  }

  private static List<String> names(String comment) {
    List<String> names = new ArrayList<>();
    Matcher sentence = SENTENCE.matcher(comment);
    while (sentence.find()) {
      Matcher name = NAME.matcher(sentence.group(1));
      while (name.find()) {
        names.add(name.group(1) == null ? name.group(2) : name.group(1));
      }
    }
    return names;
  }

  /// The declaration's name, behind that of its file's type unless it is this type.
  private static String javaName(String file, String declaration) {
    String outer = file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length());
    if (outer.equals("package-info")) {
      return declaration.replaceAll("package |;", "");
    }
    Matcher type = TYPE.matcher(declaration);
    if (type.find()) {
      return type.group(1).equals(outer) ? outer : outer + "." + type.group(1);
    }
    Matcher member = MEMBER.matcher(declaration);
    return member.find() ? outer + "." + member.group(1) : outer;
  }

  /// A page with the table between its two marks.
  ///
  /// @throws IllegalArgumentException when the page lacks a mark
  String into(String page) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(PAGE + " lacks the lines " + BEGIN + " and " + END);
    }
    return page.substring(0, begin) + BEGIN + "\n" + text() + page.substring(end);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    Stream<String> modules = rows.stream().map(Row::module).distinct();
    modules.forEach(
        module -> {
          text.append("\n## ").append(module).append("\n\n| twemproxy | Twemlab |\n|---|---|\n");
          rows.stream()
              .filter(row -> row.module().equals(module))
              .sorted(Comparator.comparing(Row::java))
              .map(Row::line)
              .forEach(text::append);
        });
    return text.append('\n').toString();
  }
}
