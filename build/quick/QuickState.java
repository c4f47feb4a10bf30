import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a module's classes were made of.
///
/// @param basis the compiler and the class path
/// @param upstream the APIs of the modules before it, by name
/// @param files hashes of its sources and resources, by path
/// @param api of its own
record QuickState(
    String basis, Map<String, String> upstream, SortedMap<String, String> files, String api) {
  private static final String TAB = "\t";

  /// Reads one; null when there is none, or none that this program wrote to its end.
  static QuickState read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    String basis = null;
    String api = null;
    SortedMap<String, String> upstream = new TreeMap<>();
    SortedMap<String, String> files = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(TAB, -1);
      switch (words[0]) {
        case "basis" -> basis = words[1];
        case "upstream" -> upstream.put(words[1], words[2]);
        case "file" -> files.put(words[1], words[2]);
        case "api" -> api = words[1];
        default -> {
          return null;
        }
      }
    }
    return api == null ? null : new QuickState(basis, upstream, files, api);
  }

  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("basis" + TAB + basis);
    upstream.forEach((module, hash) -> lines.add("upstream" + TAB + module + TAB + hash));
    files.forEach((path, hash) -> lines.add("file" + TAB + path + TAB + hash));
    lines.add("api" + TAB + api); // the last line: without it the file is not whole
    Files.write(file, lines);
  }
}
