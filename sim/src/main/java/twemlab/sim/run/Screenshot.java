package twemlab.sim.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Pictures of pages, drawn by a headless Chromium of this machine: for the documentation.
public final class Screenshot {
  /// Programs that understand the same options.
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private static final long LIMIT_SECONDS = 60;

  private Screenshot() {}

  /// The window of the browser.
  ///
  /// @param width pixels
  /// @param height pixels
  /// @param dark whether pages are asked to be dark
  public record Window(int width, int height, boolean dark) {
    /// The one that nobody asked for.
    public static final String DEFAULT = "1366x768";

    private static final Pattern TEXT = Pattern.compile("(\\d{3,4})x(\\d{3,4})(,dark)?");

    /// Reads `1366x768` or `1366x768,dark`.
    ///
    /// @throws IllegalArgumentException if it is something else
    public static Window of(String text) {
      Matcher parts = TEXT.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "--window " + text + ": accepted is WIDTHxHEIGHT or WIDTHxHEIGHT,dark");
      }
      int width = Integer.parseInt(parts.group(1));
      return new Window(width, Integer.parseInt(parts.group(2)), parts.group(3) != null);
    }
  }

  /// The browser: `TWEMLAB_CHROMIUM`, or the first one on the path.
  public static Optional<Path> browser() {
    String named = System.getenv("TWEMLAB_CHROMIUM");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Draws a page.
  ///
  /// @param view what stands behind the `#` of its address: where to stand, and how; may be empty
  /// @throws IOException if there is no browser, or it fails
  public static void take(Path page, String view, Window window, Path image) throws IOException {
    Path browser =
        browser()
            .orElseThrow(
                () ->
                    new IOException(
                        "no Chromium on PATH for a screenshot; TWEMLAB_CHROMIUM can name it"));
    Path profile = Files.createTempDirectory("twemlab-screenshot");
    String address = page.toAbsolutePath().toUri() + (view.isEmpty() ? "" : "#" + view);
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--user-data-dir=" + profile,
                "--window-size=" + window.width() + "," + window.height(),
                "--blink-settings=preferredColorScheme=" + (window.dark() ? 0 : 1),
                "--virtual-time-budget=4000",
                "--screenshot=" + image.toAbsolutePath(),
                address)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(browser + " did not draw " + page);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while drawing " + page, e);
    } finally {
      process.destroyForcibly();
      delete(profile);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
