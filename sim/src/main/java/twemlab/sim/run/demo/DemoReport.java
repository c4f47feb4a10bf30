package twemlab.sim.run.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.sim.workload.WireProtocol;

/// The demo's table.
final class DemoReport {
  private final PrintWriter out;
  private final ProxyCounts counts;
  private final Map<WireProtocol, Tally> tallies;
  private final long requests;

  DemoReport(PrintWriter out, ProxyCounts counts, Map<WireProtocol, Tally> tallies) {
    this.out = out;
    this.counts = counts;
    this.tallies = tallies;
    this.requests = tallies.values().stream().mapToLong(tally -> tally.requests).sum();
  }

  void print(double seconds) {
    out.printf(Locale.ROOT, "%,d requests in %.1f s%n", requests, seconds);
    clients();
    servers();
    loop();
    systemCalls();
    out.flush();
  }

  private void clients() {
    out.println();
    out.printf(
        Locale.ROOT,
        "%-12s %10s %10s %6s   %s%n",
        "clients",
        "requests",
        "replies",
        "wrong",
        "latency in us: p50      p90      p99    p99.9      max");
    tallies.forEach(
        (protocol, tally) -> {
          Histogram latency = tally.latency;
          out.printf(
              Locale.ROOT,
              "%-12s %,10d %,10d %,6d %20.0f %8.0f %8.0f %8.0f %8.0f%n",
              protocol.name().toLowerCase(Locale.ROOT),
              tally.requests,
              tally.replies,
              tally.wrong,
              latency.getValueAtPercentile(50) / 1e3,
              latency.getValueAtPercentile(90) / 1e3,
              latency.getValueAtPercentile(99) / 1e3,
              latency.getValueAtPercentile(99.9) / 1e3,
              latency.getMaxValue() / 1e3);
        });
    out.println(
        "  Requests with noreply have no reply. Latency is the client's, pipeline included.");
  }

  private void servers() {
    out.println();
    out.printf(
        Locale.ROOT,
        "%-12s %10s %10s %12s %12s   %s%n",
        "servers",
        "requests",
        "replies",
        "bytes to",
        "bytes from",
        "share of the requests");
    for (ProxyCounts.Pool pool : counts.pools()) {
      long all = pool.servers().stream().mapToLong(ProxyCounts.Server::requests).sum();
      for (ProxyCounts.Server server : pool.servers()) {
        double share = all == 0 ? 0 : (double) server.requests() / all;
        out.printf(
            Locale.ROOT,
            "%-12s %,10d %,10d %,12d %,12d   %5.1f %% %s%n",
            server.name(),
            server.requests(),
            server.responses(),
            server.requestBytes(),
            server.responseBytes(),
            100 * share,
            "#".repeat((int) Math.round(20 * share)));
      }
    }
    out.println("  A request for several keys goes to each of their servers, cut into fragments:");
    for (ProxyCounts.Pool pool : counts.pools()) {
      out.printf(Locale.ROOT, "  %-10s %,10d fragments%n", pool.name(), pool.fragments());
    }
  }

  private void loop() {
    out.println();
    out.println("the proxy's loop");
    out.printf(
        Locale.ROOT,
        "  %,d turns, %.1f events per turn, %.1f requests per turn%n",
        counts.turns(),
        perTurn(counts.events()),
        perTurn(requests));
    out.printf(
        Locale.ROOT,
        "  at most %,d buffers in use at once, %.1f MiB mapped%n",
        counts.mbufsPeak(),
        counts.mappedBytes() / (double) (1 << 20));
  }

  private double perTurn(long count) {
    return (double) count / Math.max(1, counts.turns());
  }

  private void systemCalls() {
    var kinds = new StringBuilder();
    long total = 0;
    for (Map.Entry<Call, Long> call : counts.calls().entrySet()) {
      total += call.getValue();
      kinds.append(kinds.isEmpty() ? "" : "  ");
      kinds.append(call.getKey().name().toLowerCase(Locale.ROOT));
      kinds.append(String.format(Locale.ROOT, " %.3f", perRequest(call.getValue())));
    }
    out.printf(
        Locale.ROOT,
        "  %.2f system calls per request, counted at the kernel seam:%n",
        perRequest(total));
    out.printf(Locale.ROOT, "    %s%n", kinds);
  }

  private double perRequest(long count) {
    return (double) count / Math.max(1, requests);
  }
}
