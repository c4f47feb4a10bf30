package twemlab.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The answer of the stats port, byte for byte.
final class StatsJsonTest {
  private static String answer(Stats stats) {
    stats.swap();
    StatsHeader header = new StatsHeader("nutcracker", "host", "0.5.0", 12, 1_767_000_000L);
    return new String(StatsJson.write(stats.snapshot(), header), StandardCharsets.UTF_8);
  }

  /// They come last, because programs that read nutcracker's answer look for what they know.
  private static final String OURS =
      "\"memory_used\":0, \"memory_limit\":0, \"messages_used\":0, \"messages_limit\":0,"
          + " \"clients_waiting\":0, \"clients_waited\":0, \"clients_stalled\":0,"
          + " \"clients_evicted\":0";

  @Test
  void layoutIsNutcrackers() {
    Stats stats =
        new Stats(
            List.of(
                new StatsNames("a\"b", List.of("s1", "s2")), new StatsNames("c", List.of("é"))));
    stats.connectionOpened();
    stats.pool(0).add(PoolField.CLIENT_CONNECTIONS, 3);
    stats.server(0, 1).add(ServerField.REQUEST_BYTES, 1L << 33);
    String pool =
        "\"client_eof\":0, \"client_err\":0, \"client_connections\":%d, \"server_ejects\":0,"
            + " \"forward_error\":0, \"fragments\":0, \"handler_err\":0, ";
    String server =
        "{\"server_eof\":0, \"server_err\":0, \"server_timedout\":0, \"server_connections\":0,"
            + " \"server_ejected_at\":0, \"requests\":0, \"request_bytes\":%d, \"responses\":0,"
            + " \"response_bytes\":0, \"in_queue\":0, \"in_queue_bytes\":0, \"out_queue\":0,"
            + " \"out_queue_bytes\":0}";
    assertThat(answer(stats))
        .isEqualTo(
            "{\"service\":\"nutcracker\", \"source\":\"host\", \"version\":\"0.5.0\","
                + " \"uptime\":12, \"timestamp\":1767000000, \"total_connections\":1,"
                + " \"curr_connections\":1, \"a\"b\": {"
                + String.format(pool, 3)
                + "\"s1\": "
                + String.format(server, 0)
                + ",\"s2\": "
                + String.format(server, 1L << 33)
                + "},\"c\": {"
                + String.format(pool, 0)
                + "\"é\": "
                + String.format(server, 0)
                + "}, "
                + OURS
                + "}\n");
  }

  @Test
  void theProcessHasValuesOfItsOwn() {
    Stats stats = new Stats(List.of());
    stats.memoryLimits(1L << 33, 1000);
    stats.memory(1L << 32, 10, 3);
    stats.count(ProcessField.CLIENTS_EVICTED);
    assertThat(answer(stats))
        .endsWith(
            "\"memory_used\":4294967296, \"memory_limit\":8589934592, \"messages_used\":10,"
                + " \"messages_limit\":1000, \"clients_waiting\":3, \"clients_waited\":0,"
                + " \"clients_stalled\":0,"
                + " \"clients_evicted\":1}\n");
  }

  /// The configuration always gives a pool a server; a library user need not.
  @Test
  void emptyListsStayWellFormed() {
    assertThat(answer(new Stats(List.of()))).endsWith("\"curr_connections\":0, " + OURS + "}\n");
    assertThat(answer(new Stats(List.of(new StatsNames("p", List.of())))))
        .endsWith("\"handler_err\":0}, " + OURS + "}\n");
  }
}
