package twemlab.proxy.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Programs of this machine that tests run: servers, load generators, browsers.
///
/// With the environment variable `TWEMLAB_SERVERS` at `none` nothing counts as installed, so that
/// what a machine without them does can be tested on one that has them. With
/// `TWEMLAB_REQUIRE_SERVERS` at 1, a test that would be skipped, or run with a substitute, fails.
public final class Programs {
  private static final List<String> DIRECTORIES =
      List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin");

  private static final Pattern VERSION = Pattern.compile("(?:v=| )(\\d+)\\.");

  private Programs() {}

  /// Where a program is installed, on the path or where such programs usually are.
  ///
  /// @param names the names that it may have; the first that is found counts
  /// @throws IllegalStateException if none is although `TWEMLAB_REQUIRE_SERVERS` is 1
  public static Optional<Path> find(String... names) {
    Optional<Path> found =
        "none".equals(System.getenv("TWEMLAB_SERVERS")) ? Optional.empty() : search(names);
    if (found.isEmpty() && "1".equals(System.getenv("TWEMLAB_REQUIRE_SERVERS"))) {
      throw new IllegalStateException(notInstalled(names));
    }
    return found;
  }

  /// The major version of an installed server, from what it prints for `--version`: 7 for `Redis
  /// server v=7.0.15 sha=...`.
  static int majorVersion(Path program) {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      Matcher version = VERSION.matcher(text);
      if (!version.find()) {
        throw new IllegalStateException(program + " does not tell its version: " + text);
      }
      return Integer.parseInt(version.group(1));
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + program, e);
    }
  }

  /// Like [#find], but without the program, the test that calls this is skipped.
  public static Path need(String... names) {
    Optional<Path> found = find(names);
    assumeTrue(found.isPresent(), () -> notInstalled(names));
    return found.orElseThrow();
  }

  /// Sends a signal, `HUP` or `TTIN` say, to a process, by the shell's own `kill`: the program of
  /// that name need not be there.
  public static void signal(String name, long pid) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " " + pid + " failed");
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot send SIG" + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending SIG" + name, e);
    }
  }

  /// `twemlab test` counts the tests skipped by this text, and knows how to install the program.
  static String notInstalled(String... names) {
    return names[0] + " is not installed";
  }

  private static Optional<Path> search(String... names) {
    String path = System.getenv().getOrDefault("PATH", "");
    List<String> folders =
        Stream.concat(Stream.of(path.split(":", -1)), DIRECTORIES.stream())
            .filter(folder -> !folder.isEmpty())
            .toList();
    return Stream.of(names)
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
