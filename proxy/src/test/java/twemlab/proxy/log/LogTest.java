package twemlab.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Levels, the form of a line, files and signals.
final class LogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.006Z"));

  private final List<String> lines = new ArrayList<>();

  private Log log(LogLevel level) {
    LogSink sink =
        (bytes, length) -> lines.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
    return new Log(sink, level, CLOCK, ZoneOffset.UTC);
  }

  @Test
  void aLineHasTimeAndPlace() {
    log(LogLevel.NOTICE).always("hello");
    assertThat(lines)
        .singleElement()
        .asString()
        .matches("\\[2026-01-02 03:04:05\\.006\\] LogTest\\.java:[1-9]\\d* hello\n");
  }

  @Test
  void eachMethodPrintsFromItsLevelOn() {
    for (LogLevel level : LogLevel.values()) {
      lines.clear();
      Log log = log(level);
      log.always("always");
      log.error("error");
      log.warn("warn");
      log.debug(LogLevel.PVERB, "periodic");
      int n = level.number();
      assertThat(lines).hasSize(1 + (n >= 1 ? 1 : 0) + (n >= 4 ? 1 : 0) + (n >= 11 ? 1 : 0));
      assertThat(log.loggable(LogLevel.WARN)).isEqualTo(n >= 4);
    }
  }

  /// Whoever names a server, or sends bytes that are logged, can neither end the line nor move the
  /// cursor of who reads it.
  @Test
  void aLineIsOneLineWhateverIsInIt() {
    Log log = log(LogLevel.NOTICE);
    log.error(
        "a\n"
            + "[2026-01-02 03:04:05.006] forged\r"
            + "\0\u001b[2J\u007f\u0085\u2028\u202e\ud800z é \ud83d\ude00");
    log.signal("b\nc");
    assertThat(lines.getFirst())
        .endsWith(
            " a\\x0a[2026-01-02 03:04:05.006]"
                + " forged\\x0d\\x00\\x1b[2J\\x7f\\x85\\u2028\\u202e\\ud800z é \ud83d\ude00\n");
    assertThat(lines.getLast()).endsWith("] b\\x0ac\n");
  }

  @Test
  void levelsGoFromZeroToEleven() {
    assertThat(LogLevel.values()).hasSize(12);
    assertThat(LogLevel.of(-1)).isEqualTo(LogLevel.EMERG);
    assertThat(LogLevel.of(5)).isEqualTo(LogLevel.NOTICE);
    assertThat(LogLevel.of(99)).isEqualTo(LogLevel.PVERB);
  }

  @Test
  void signalsMoveTheLevelUntilItsEnds() {
    Log log = log(LogLevel.VVVERB);
    log.levelUp();
    log.levelUp();
    assertThat(lines).containsExactly("[.......................] up log level to 11\n");
    Log low = log(LogLevel.ALERT);
    low.levelDown();
    low.levelDown();
    assertThat(lines.subList(1, lines.size()))
        .containsExactly("[.......................] down log level to 0\n");
    assertThat(low.level()).isEqualTo(LogLevel.EMERG);
  }

  @Test
  void aLineIsCutAt256Bytes() {
    Log log = log(LogLevel.NOTICE);
    log.signal("x".repeat(400));
    log.signal("x".repeat(229));
    log.signal("x".repeat(228) + "éé");
    assertThat(lines).allMatch(line -> line.endsWith("\n"));
    assertThat(lines).extracting(String::length).containsExactly(256, 256, 255);
    assertThat(lines.getLast()).endsWith("xx\n");
  }

  @Test
  void aFileIsAppendedToAndReopened(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.log");
    Files.writeString(file, "old\n");
    try (Log log = new Log(LogSink.file(file.toString()), LogLevel.NOTICE, CLOCK)) {
      log.signal("one");
      Files.move(file, folder.resolve("x.log.1"));
      log.signal("two");
      assertThat(log.reopen()).isEmpty();
      log.signal("three");
    }
    assertThat(folder.resolve("x.log.1")).content().startsWith("old\n[").contains("one", "two");
    assertThat(file).content().isEqualTo("[.......................] three\n");
    assertThat(Files.getPosixFilePermissions(file))
        .contains(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
        .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  }

  @Test
  void aFailedReopenKeepsTheOldFile(@TempDir Path folder) throws IOException {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Path file = sub.resolve("x.log");
    Log log = new Log(LogSink.file(file.toString()), LogLevel.NOTICE, CLOCK);
    Path moved = folder.resolve("moved");
    Files.move(sub, moved);
    assertThat(log.reopen())
        .hasValue("reopening log file '" + file + "' failed, ignored: No such file or directory");
    log.signal("after");
    log.close();
    assertThat(moved.resolve("x.log")).content().contains("reopening log file", "after");
    log.signal("too late");
    assertThat(log.writeErrors()).isEqualTo(1);
    assertThatThrownBy(() -> LogSink.file(file.toString())).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void linesOfManyThreadsStayWhole(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.log");
    int threads = 4;
    CountDownLatch start = new CountDownLatch(threads);
    try (Log log = new Log(LogSink.file(file.toString()), LogLevel.NOTICE, CLOCK);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String text = Character.toString('a' + t).repeat(50);
        done.add(
            pool.submit(
                () -> {
                  start.countDown();
                  start.await();
                  for (int i = 0; i < 200; i++) {
                    log.signal(text);
                  }
                  return null;
                }));
      }
      for (Future<?> one : done) {
        one.get();
      }
    }
    assertThat(Files.readAllLines(file))
        .hasSize(threads * 200)
        .allMatch(line -> line.matches("\\[\\.{23}\\] (.)\\1{49}"));
  }

  @Test
  void askingAllocatesNothing() {
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Log log = log(LogLevel.NOTICE);
    assertThat(ask(log, 100_000)).isZero();
    long before = bean.getCurrentThreadAllocatedBytes();
    int loggable = ask(log, 100_000);
    long allocated = bean.getCurrentThreadAllocatedBytes() - before;
    assertThat(loggable).isZero();
    assertThat(allocated).isLessThan(10_000);
  }

  private static int ask(Log log, int times) {
    int loggable = 0;
    for (int i = 0; i < times; i++) {
      loggable += log.loggable(LogLevel.INFO) ? 1 : 0;
    }
    return loggable;
  }
}
