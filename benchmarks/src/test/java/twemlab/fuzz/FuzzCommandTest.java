package twemlab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.soak.Checkout;

final class FuzzCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Launch.run(
        new FuzzCommand(), new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void helpNamesTheTargets() {
    assertThat(run("--help")).isZero();
    for (FuzzTarget target : FuzzTarget.values()) {
      assertThat(out.toString()).contains(target.toString());
    }
  }

  @Test
  void anUnknownTargetIsWrongUsage() {
    assertThat(run("redis")).isEqualTo(2);
    assertThat(err.toString())
        .hasLineCount(1)
        .contains("'redis'")
        .contains("redis-request, redis-reply, memcache-request, memcache-reply, configuration");
  }

  @Test
  void wrongUsageIsOneLine() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("redis-reply", "--seconds", "0")).isEqualTo(2);
    assertThat(run("redis-reply", "--replay", "/no/such/file")).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(3).contains("TARGET", "1 and more", "/no/such/file");
  }

  @Test
  void anInputIsReplayed(@TempDir Path folder) throws IOException {
    Path input = folder.resolve("input");
    Files.writeString(input, "\0\0\0\0\0+OK\r\n");
    assertThat(run("redis-reply", "--replay", input.toString())).isZero();
    assertThat(out.toString()).contains("redis-reply: holds for ");
  }

  @Test
  void jazzerRuns(@TempDir Path root) throws IOException, InterruptedException {
    Path seeds = Files.createDirectories(root.resolve("benchmarks/corpus/redis-reply"));
    Files.writeString(seeds.resolve("ok"), "\0\0\0\0\0+OK\r\n");
    JazzerRun.Report report = new JazzerRun(FuzzTarget.REDIS_REPLY, root).fuzz(1);
    assertThat(report.finding()).isNull();
    assertThat(report.complete()).isTrue();
    assertThat(report.executions()).isGreaterThan(100);
    assertThat(report.speed()).isPositive();
    assertThat(report.kept()).isGreaterThan(1);
    assertThat(Checkout.root().resolve("twemlab")).exists();
  }
}
