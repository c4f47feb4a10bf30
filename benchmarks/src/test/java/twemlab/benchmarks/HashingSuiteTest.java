package twemlab.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.runner.RunnerException;
import org.xml.sax.InputSource;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.KeyHash;

/// The benchmarks of hashing run, tiny, so that they cannot rot; what the plots show is right.
final class HashingSuiteTest {
  private static final DistributionStudy STUDY = new DistributionStudy(20_000, 2);

  @Test
  void theSuiteRunsAndPrints(@TempDir Path folder) throws RunnerException, IOException {
    Path json = folder.resolve("hashing.json");
    HashingSuite suite =
        HashingSuite.run(Tiny.EFFORT, Map.of("length", List.of("32")), Tiny.silent(), json);
    assertThat(suite.lookups()).hasSize(DistributionKind.values().length);
    assertThat(suite.lookups().values()).allSatisfy(row -> assertThat(row).hasSize(3));
    StringWriter text = new StringWriter();
    suite.print(new PrintWriter(text, true));
    for (KeyHash hash : KeyHash.values()) {
      assertThat(text.toString()).contains("\n" + hash.configName() + " ");
    }
    for (PeerHash peer : PeerHash.values()) {
      assertThat(text.toString()).contains("  " + peer.title());
    }
    assertThat(json).exists();
  }

  /// Those that are the same function agree, so the comparison is of equal work.
  @ParameterizedTest
  @EnumSource
  void peersThatAreTheSameFunctionAgree(PeerHash peer) {
    for (int length : List.of(8, 32, 250)) {
      byte[] key = Keys.key(1, length);
      int ours = peer.ours().hash(key, 0, length);
      assertThat(peer.hash(key) == ours).as("%s, %d bytes", peer, length).isEqualTo(peer.same());
    }
  }

  @Test
  void keysAndServersDiffer() {
    assertThat(Keys.key(1, 32)).hasSize(32).isNotEqualTo(Keys.key(2, 32));
    assertThat(Keys.servers(1000, 1)).extracting("name").doesNotHaveDuplicates();
    assertThat(Keys.servers(3, 1)).doesNotContainAnyElementsOf(Keys.servers(3, 2));
  }

  @Test
  void balanceIsThatOfThePageAboutHashing() {
    DistributionStudy.Spread modula = STUDY.balance(DistributionKind.MODULA, 10);
    DistributionStudy.Spread ketama = STUDY.balance(DistributionKind.KETAMA, 10);
    assertThat(modula.mean()).isBetween(1.0, 1.06);
    assertThat(ketama.mean()).isBetween(1.06, 1.3);
    assertThat(ketama.least()).isLessThanOrEqualTo(ketama.mean());
    assertThat(ketama.most()).isGreaterThanOrEqualTo(ketama.mean());
  }

  @ParameterizedTest
  @EnumSource
  void aDeathMovesAtLeastTheDeadServersKeys(DistributionKind kind) {
    DistributionStudy.Move move = STUDY.disruption(kind, 10);
    assertThat(move.needed()).isBetween(0.095, 0.105);
    switch (kind) {
      case MODULA, RANDOM -> assertThat(move.needless()).isGreaterThan(0.7);
      case JUMP -> assertThat(move.needless()).isBetween(0.05, 0.11);
      case MAGLEV -> assertThat(move.needless()).isBetween(0.0, 0.02);
      case KETAMA, KETAMA_BOUNDED, RENDEZVOUS -> assertThat(move.needless()).isZero();
    }
  }

  @Test
  void chartsAreDrawn(@TempDir Path folder) throws Exception {
    var lookups =
        new EnumMap<DistributionKind, NavigableMap<Integer, Double>>(DistributionKind.class);
    for (DistributionKind kind : DistributionKind.values()) {
      double nanos = 3 + 10 * kind.ordinal();
      lookups.put(kind, new TreeMap<>(Map.of(10, nanos, 100, 2 * nanos, 1000, 40 * nanos)));
    }
    List<Path> files = new HashingPlots(STUDY, lookups).write(folder.resolve("plots"));
    assertThat(files).hasSize(4);
    for (Path file : files) {
      String svg = Files.readString(file);
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
      assertThat(Arrays.stream(DistributionKind.values()).map(DistributionKind::configName))
          .allMatch(svg::contains);
    }
    assertThat(Files.readString(files.get(2))).contains("1000 servers (ns)", "2,520 ns");
  }

  @Test
  void scalesPlaceValues() {
    PanelChart.Scale linear = new PanelChart.Scale(1, 2, false, List.of(), "");
    PanelChart.Scale logarithmic = new PanelChart.Scale(1, 1000, true, List.of(), "");
    assertThat(linear.place(1.5)).isEqualTo(0.5);
    assertThat(linear.place(7)).isEqualTo(1);
    assertThat(logarithmic.place(10)).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(PanelChart.ticks(0, 1, 0.25)).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
    assertThat(List.of(PanelChart.number(1000), PanelChart.number(1.2), PanelChart.number(0.25)))
        .containsExactly("1,000", "1.2", "0.25");
  }
}
