package twemlab.sim.run.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.EventBases;
import twemlab.proxy.testing.RealServer.Program;
import twemlab.sim.run.differential.mirror.Pool;
import twemlab.sim.run.differential.mirror.Wire;

/// The proxy beside the installed nutcracker. `-Dtwemlab.differential.streams=5000` for more of it.
final class DifferentialTest {
  private static final int STREAMS = Integer.getInteger("twemlab.differential.streams", 40);

  @Test
  void everyDifferenceIsARule() throws IOException {
    List<String> differences = new ArrayList<>();
    try (Campaign campaign = new Campaign(executable(), 20260101, differences::add)) {
      for (int i = 0; i < STREAMS; i++) {
        campaign.run(i);
      }
      assertThat(differences).isEmpty();
      assertThat(campaign.compared()).isEqualTo(STREAMS);
      assertThat(campaign.kinds().keySet()).isSubsetOf(Campaign.kindNames());
    }
  }

  /// A test that could not fail would be worth nothing: here the two have other configurations.
  @Test
  void aDifferenceThatIsNoRuleIsFound() throws IOException {
    Pool pool = Pool.standard().getFirst();
    List<String> otherLines = pool.lines().stream().map(DifferentialTest::otherHash).toList();
    Pool other = new Pool(pool.name(), true, null, otherLines, pool.weights());
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      steps.add(Step.of(Wire.resp("GET", "key:" + i)));
    }
    try (Side nutcracker = Side.nutcracker(executable(), List.of(pool), 512);
        Side ours = Side.ours(EventBases.EPOLL, List.of(other), 512)) {
      Bench bench = new Bench(nutcracker, ours, List.of(pool), 512);
      var stream = new ClientStream(0, "a test's", pool, false, steps);
      assertThat(new Comparison(bench, stream).run().differences()).isNotEmpty();
    }
  }

  private static String otherHash(String line) {
    return line.startsWith("hash:") ? "hash: crc32a" : line;
  }

  @Test
  void everyRuleIsDocumented() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "deviations.md"));
    for (Rule rule : Rule.values()) {
      assertThat(page).contains("| `" + rule.id() + "` |");
    }
  }

  @Test
  void aStreamIsAFunctionOfSeedAndNumber() {
    for (Kind kind : Kind.values()) {
      assertThat(Arrays.stream(Kind.values()).filter(each -> each.words.equals(kind.words)))
          .hasSize(1);
    }
    assertThat(new Streams(3).kind(17)).isEqualTo(new Streams(3).kind(17));
    var bench = new Bench(null, null, Pool.standard(), 512);
    long number = 0;
    while (new Streams(3).kind(number) != Kind.REDIS) {
      number++;
    }
    assertThat(texts(new Streams(3).draw(number, bench)))
        .isEqualTo(texts(new Streams(3).draw(number, bench)))
        .isNotEqualTo(texts(new Streams(4).draw(number, bench)));
  }

  private static List<List<String>> texts(ClientStream stream) {
    return stream.steps().stream().map(Step::pieces).toList();
  }

  private static Path executable() {
    return Program.NUTCRACKER.need();
  }
}
