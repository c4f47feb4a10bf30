package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Lines that are not understood: what is said, where they end, and that no cut changes either.
class MemcacheLineTest {
  private static final String REFUSED = " refused NOT_UNDERSTOOD";

  @Test
  void whatIsSaidAndWhereTheLineEnds() {
    for (String line : List.of("bogus", "", "get", "GET k", "incr k", "gat 1", "veryverylong k")) {
      says("UNKNOWN_LINE", line + "\r\n", false);
    }
    for (String line :
        List.of("get " + "k".repeat(251), "get a\u0001", "set k x 0 0", "touch k 1 x")) {
      says("BAD_LINE", line + "\r\n", false);
    }
    says("BAD_DELETE", "delete k 1\r\n", false);
    says("BAD_DELETE", "delete k 1 noreply\r\n", true);
    says("BAD_DELETE", "delete k 0 x\r\n", false);
    says("BAD_DELTA", "incr k 1x noreply\r\n", true);
    says("BAD_DELTA", "incr k 99999999999999999999\r\n", false);
    says("BAD_EXPTIME", "touch k 1x\r\n", false);
    says("BAD_EXPTIME", "gat x k\r\n", false);
    says("BAD_LINE", "set k x 0 5\r\nhello\r\n", false);
    says("BAD_LINE", "set " + "k".repeat(300) + " 0 0 5 noreply\r\nhello\r\n", true);
    says("BAD_LINE", "get k\n", false);
  }

  @Test
  void withoutALengthOfTheDataNothingFollows() {
    error("UNKNOWN_LINE", "set k 0 0\r\n");
    error("UNKNOWN_LINE", "cas k 0 0 1\r\n");
    error("UNKNOWN_LINE", "Set k 0 0 1\r\n");
    error("UNKNOWN_LINE", "ms k 1\r\n");
    error("BAD_LINE", "set k 0 0 -1\r\n");
    error("BAD_LINE", "set k 0 0 99999999999\r\n");
    error("BAD_CHUNK", "set k 0 0 1\r\nxyz\r\n");
    error("BAD_CHUNK", "set k x 0 1\r\nxyz\r\n");
    error("LINE_TOO_LONG", "bogus " + "x".repeat(3000));
    error("BINARY_PROTOCOL", "\u0080" + "\0".repeat(23));
  }

  private static void says(String complaint, String request, boolean noreply) {
    byte[] bytes = Subject.bytes(request + "get k\r\n");
    String description = Subject.MEMCACHE_REQUEST.describe(bytes);
    assertThat(description)
        .as(request)
        .startsWith("UNSUPPORTED " + request.length() + " ")
        .contains(complaint + REFUSED, "noreply " + noreply);
  }

  private static void error(String complaint, String request) {
    assertThat(Subject.MEMCACHE_REQUEST.describe(Subject.bytes(request)))
        .as(request)
        .isEqualTo("ERROR " + complaint);
  }

  @Property(tries = 20_000, seed = "29")
  void noCutChangesAnything(@ForAll("lines") String line, @ForAll int first, @ForAll int second) {
    byte[] bytes = Subject.bytes(line);
    int a = Math.floorMod(first, bytes.length + 1);
    int b = a + Math.floorMod(second, bytes.length + 1 - a);
    assertThat(Subject.MEMCACHE_REQUEST.describe(bytes, a, b))
        .isEqualTo(Subject.MEMCACHE_REQUEST.describe(bytes));
  }

  @Provide
  Arbitrary<String> lines() {
    Arbitrary<String> field =
        Arbitraries.of(
            "get",
            "gats",
            "gat",
            "set",
            "Set",
            "cas",
            "delete",
            "touch",
            "incr",
            "verbosity",
            "verbositi",
            "flush_all",
            "stats",
            "version",
            "quit",
            "ms",
            "bogus",
            "k",
            "0",
            "1",
            "5",
            "-1",
            "-",
            "0.2",
            "noreply",
            "norep",
            "k".repeat(251),
            "\u0001",
            "\n",
            "\r",
            "hello",
            "99999999999999999999",
            "0".repeat(2040));
    Arbitrary<String> gap = Arbitraries.of(" ", " ", " ", "  ", "", "\r");
    Arbitrary<String> end = Arbitraries.of("\r\n", "\r\n", "\n", "\r\r\n", "\r\nhello\r\n", "");
    return Combinators.combine(field.list().ofMaxSize(8), gap, end)
        .as((fields, g, e) -> String.join(g, fields) + e);
  }
}
