package twemlab.proxy.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are no configuration, or one for another machine: each is refused with one line and
/// within seconds, whatever its size.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ConfLimitsTest {
  private static final String TAIL = "  listen: a:1\n  servers:\n   - h:1:1\n";

  @TempDir private Path folder;

  private static ConfException refusal(String text) {
    ConfException e = catchThrowableOfType(ConfException.class, () -> ConfFile.parse("FILE", text));
    assertThat(e).isNotNull();
    assertOneLine(e);
    return e;
  }

  private static void assertOneLine(ConfException e) {
    assertThat(e.reason().lines()).hasSize(1);
    assertThat(e.detail().lines()).hasSize(1);
    assertThat(e.getMessage().length()).isLessThan(4096);
  }

  private static ConfException unreadable(Path file) {
    ConfException e = catchThrowableOfType(ConfException.class, () -> ConfFile.read(file));
    assertThat(e).isNotNull();
    assertOneLine(e);
    return e;
  }

  @Test
  void devicesAndPipesAreNotRead() throws Exception {
    assertThat(unreadable(Path.of("/dev/zero")).detail()).contains("is a device or a pipe");
    Path pipe = folder.resolve("pipe");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
    assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(unreadable(pipe).detail()).contains("is a device or a pipe");
    assertThat(unreadable(folder).detail()).contains("is a directory");
  }

  @Test
  void aHundredMegabytesAreNotRead() throws IOException {
    Path file = folder.resolve("large.yml");
    try (var large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(100 << 20);
    }
    assertThat(unreadable(file).reason()).endsWith("has more than 4194304 bytes");
    try (var large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(4 << 20); // of zeros, which are not allowed either
    }
    assertThat(unreadable(file).detail()).contains("U+0000");
  }

  @Test
  void alinkToAFileIsRead() throws Exception {
    Path file = Files.writeString(folder.resolve("real.yml"), "p:\n" + TAIL);
    Path link = Files.createSymbolicLink(folder.resolve("link.yml"), file);
    assertThat(ConfFile.read(link).pools()).hasSize(1);
  }

  /// `%` stands for the repeated part, as often as it fits into the largest file.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: %[ | a line of more than 4096 characters",
        "a: %[\\n | a depth greater than 32",
        "a: %{\\n | a depth greater than 32",
        "%- | a line of more than 4096 characters",
        "%[],\\n | failed (err 4)",
        "a: [%[],\\n | failed (err 4)",
        "%-\\n | 'FILE' has sequence at depth 0",
        "%? | a line of more than 4096 characters",
        "%?\\n | has invalid mapping",
        "p:\\n  hash: %x | a line of more than 4096 characters",
        "p:\\n  hash: %x\\n    y | a key or value of more than 1024 bytes",
        "p:\\n  hash: '%x\\n    y | failed (err 3)",
        "p:\\n  hash: >\\n%    x\\n | a key or value of more than 1024 bytes",
        "a: &%x | a line of more than 4096 characters",
        "%- &a x\\n | failed (err 5)",
        "- &a x\\n%- *a\\n | anchor token (19) is disallowed",
        "a: !%x | a line of more than 4096 characters",
        "#%x | a line of more than 4096 characters",
        "%# x\\n | must contain only 1 document; found 0 documents",
        "%--- a\\n | must contain only 1 document; found 699050 documents",
        "%:\\n | failed (err 4)",
        "%\\t | a line of more than 4096 characters",
      })
  void whateverTheFileRepeatsItIsRefusedSoon(String template, String reason) {
    String text = template.replace("\\n", "\n").replace("\\t", "\t");
    int at = text.indexOf('%');
    String head = text.substring(0, at);
    String part = text.substring(at + 1);
    int times = (ConfLimits.FILE_BYTES - head.length()) / part.length();
    assertThat(refusal(head + part.repeat(times)).reason()).contains(reason);
  }

  @Test
  void deepBlocks() {
    String text = block(1000, i -> " ".repeat(i) + "a:\n");
    assertThat(refusal(text).reason()).contains("has a depth greater than 32");
    assertThat(refusal(text).detail()).startsWith("FILE:33:33: ");
  }

  @Test
  void manyKeys() {
    assertThat(refusal("p:\n" + TAIL + block(300_000, i -> "  k" + i + ": 1\n")).reason())
        .isEqualTo("conf: directive \"k0\" is unknown");
  }

  private static String block(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining());
  }

  @Test
  void keysAndValuesOf1024Bytes() throws ConfException {
    String longest = "redis: true\n  redis_auth: ";
    ConfFile.parse("FILE", "p:\n  " + longest + "x".repeat(1024) + "\n" + TAIL);
    String over = "p:\n  " + longest + "é".repeat(513) + "\n" + TAIL;
    assertThat(refusal(over).detail()).startsWith("FILE:3:15: accepted: ").contains("1024");
  }

  @Test
  void serversOfAPoolAndOfAFile() throws ConfException {
    IntFunction<String> server = i -> "   - h:1:1 s" + i + "\n";
    String head = "  listen: /a%d\n  distribution: random\n  servers:\n";
    IntFunction<String> pool = i -> "p" + i + ":\n" + head.formatted(i) + block(4096, server);
    assertThat(ConfFile.parse("FILE", block(4, pool)).pools()).hasSize(4);
    assertThat(refusal(pool.apply(0) + server.apply(4096)).getMessage())
        .contains("has more than 4096 servers", "FILE:4101:6: 'h:1:1 s4096' is refused; accepted");
    String more = "q:\n" + head.formatted(9) + server.apply(0);
    assertThat(refusal(block(4, pool) + more).reason())
        .isEqualTo("conf: 'FILE' has more than 16384 servers");
  }

  /// A pool without servers is refused, but not before all pools have been read.
  @Test
  void manyPools() {
    assertThat(refusal(block(20_000, i -> "p" + i + ":\n  hash:\n  - md5\n")).reason())
        .isEqualTo("conf: 'FILE' has more than 16384 servers");
  }

  /// The table of a maglev pool takes the memory of 410 servers at least.
  @Test
  void maglevPoolsCountByTheirTables() throws ConfException {
    IntFunction<String> pool =
        i -> "p" + i + ":\n  listen: /a" + i + "\n  distribution: maglev\n  servers:\n  - h:1:1\n";
    assertThat(ConfFile.parse("FILE", block(39, pool)).pools()).hasSize(39);
    assertThat(refusal(block(40, pool)).detail()).contains("maglev");
  }

  @Test
  void aQuotedValueIsCutAndMadePlain() {
    assertThat(refusal("p:\n  hash: " + "x".repeat(1000) + "\n" + TAIL).detail())
        .contains("'" + "x".repeat(64) + "... (1000 characters)' is refused");
    assertThat(refusal("p:\n  hash: \"a\\n\\e[31m\"\n" + TAIL).detail())
        .contains("'a\\x0a\\x1b[31m' is refused");
    assertThat(refusal("\"a\\nb\":\n  hash:\n   - md5\n  listen: a:1\n").reason())
        .isEqualTo("conf: pool 'a\\x0ab' has no servers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "-7", "0", "-0"})
  void aFileModeOfThousandDigits(String digit) throws ConfException {
    String sign = digit.startsWith("-") ? "-" : "";
    String mode = sign + "0".repeat(500) + digit.substring(sign.length()).repeat(500);
    String text = "p:\n" + TAIL.replace("a:1", "/a " + mode);
    if (digit.endsWith("7")) {
      assertThat(refusal(text).reason()).contains("invalid file permission");
    } else {
      assertThat(ConfFile.parse("FILE", text).pools()).hasSize(1);
    }
  }
}
