package twemlab.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every ring of the reference's table: all its points, by their digest, and its routes.
final class RingVectorsTest {

  static Stream<List<String>> rings() {
    return Tables.rows("rings.tsv").stream().skip(1).map(List::of);
  }

  @ParameterizedTest
  @MethodSource("rings")
  void ring(List<String> row) throws NoSuchAlgorithmException {
    Continuum ring =
        (Continuum) DistributionKind.byName(row.get(0)).orElseThrow().build(nodes(row.get(1)));

    assertThat(ring.liveCount()).isEqualTo(Integer.parseInt(row.get(2)));
    assertThat(ring.pointCount()).isEqualTo(Integer.parseInt(row.get(3)));
    assertThat(digest(ring)).isEqualTo(row.get(4));
    assertThat(firstPoints(ring)).isEqualTo(row.get(5));
    for (String route : row.get(6).split(";", -1)) {
      String[] pair = route.split(":", -1);
      assertThat(ring.pick(Integer.parseUnsignedInt(pair[0]), Loads.NONE, 0))
          .as(route)
          .isEqualTo(Integer.parseInt(pair[1]));
    }
  }

  private static List<Node> nodes(String column) {
    List<Node> nodes = new ArrayList<>();
    for (String server : column.split(",", -1)) {
      int at = server.lastIndexOf('@');
      String[] weightAndDead = server.substring(at + 1).split("/", -1);
      nodes.add(
          new Node(
              nodes.size(),
              server.substring(0, at),
              Integer.parseInt(weightAndDead[0]),
              weightAndDead[1].equals("0")));
    }
    return nodes;
  }

  private static String digest(Continuum ring) throws NoSuchAlgorithmException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ring.pointCount(); i++) {
      text.append(Integer.toUnsignedString(ring.pointValue(i)))
          .append(' ')
          .append(ring.pointIndex(i))
          .append('\n');
    }
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    return HexFormat.of()
        .formatHex(sha256.digest(text.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  private static String firstPoints(Continuum ring) {
    StringJoiner points = new StringJoiner(";");
    for (int i = 0; i < Math.min(6, ring.pointCount()); i++) {
      points.add(Integer.toUnsignedString(ring.pointValue(i)) + ":" + ring.pointIndex(i));
    }
    return points.toString();
  }
}
