package twemlab.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import twemlab.sim.run.Screenshot;

/// Makes the screenshots that pages show. `docs/screenshots.tsv` has a row for each: the command,
/// the page that it writes (or `-` when the command draws the image itself), and the image.
record Screenshots(Path root) {
  private static final Screenshot.Window WINDOW = new Screenshot.Window(1366, 768, false);

  static final String LIST = "docs/screenshots.tsv";

  /// @param page in the checkout, perhaps with a `#` and what stands behind it in the address
  record Row(String command, String page, String image) {
    static Row of(String line) {
      String[] fields = line.split("\t", -1);
      if (fields.length != 3) {
        throw new IllegalArgumentException(
            LIST + ": a row has 3 fields (command, page or -, image): " + line);
      }
      return new Row(fields[0], fields[1], fields[2]);
    }
  }

  List<Row> rows() throws IOException {
    return Files.readAllLines(root.resolve(LIST)).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Row::of)
        .toList();
  }

  /// Makes one.
  ///
  /// @throws IOException when the command or the browser fails, or there is no browser
  void make(Row row) throws IOException, InterruptedException {
    Files.createDirectories(root.resolve(row.image()).getParent());
    run(row.command());
    if (!row.page().equals("-")) {
      String[] page = row.page().split("#", 2);
      String view = page.length == 1 ? "" : page[1];
      Screenshot.take(root.resolve(page[0]), view, WINDOW, root.resolve(row.image()));
    }
  }

  private void run(String command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("twemlab-docs", ".out");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    CommandRun.onTheseClasses(builder);
    Process process = builder.start();
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(command + ": " + Files.readString(output).strip());
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
