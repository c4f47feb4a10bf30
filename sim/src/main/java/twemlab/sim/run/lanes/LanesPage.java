package twemlab.sim.run.lanes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import twemlab.proxy.trace.TraceRow;
import twemlab.sim.scenario.Scenario;

/// The page of `twemlab lanes`: a column for each backend, aligned by the requests read.
final class LanesPage {
  /// So many calls of one cell are shown.
  private static final int CALLS_MAX = 24;

  private final Scenario scenario;
  private final String title;
  private final List<LanesRun> lanes;
  private final int rowsMax;

  LanesPage(Scenario scenario, String title, List<LanesRun> lanes, int rowsMax) {
    this.scenario = scenario;
    this.title = title;
    this.lanes = lanes;
    this.rowsMax = rowsMax;
  }

  String html() throws IOException {
    Set<Long> steps = new TreeSet<>();
    lanes.forEach(lane -> steps.addAll(lane.turns().keySet()));
    List<Long> shown = steps.stream().limit(rowsMax).toList();
    String heads = heads("");
    return template()
        .replace("@title@", escape(title))
        .replace("@story@", escape(scenario.story()))
        .replace("@truncated@", truncated(shown.size(), steps.size()))
        .replace("@heads@", "<th class=step>requests</th>" + heads)
        .replace("@count_heads@", "<th></th>" + heads)
        .replace("@rows@", shown.stream().map(this::row).collect(Collectors.joining("\n")))
        .replace("@counts@", counts());
  }

  private static String template() throws IOException {
    try (InputStream in = LanesPage.class.getResourceAsStream("lanes.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String truncated(int shown, int all) {
    return shown == all ? "" : "Shown are the first %d of %d rows.".formatted(shown, all);
  }

  private String heads(String start) {
    StringBuilder heads = new StringBuilder(start);
    for (LanesRun lane : lanes) {
      String note = lane.violation() == null ? "" : " <span class=error>failed</span>";
      heads.append("<th>").append(lane.backend().backend()).append(note).append("</th>");
    }
    return heads.toString();
  }

  private String row(long step) {
    StringBuilder row = new StringBuilder("<tr><td class=step>").append(step).append("</td>");
    for (LanesRun lane : lanes) {
      List<LanesRun.Turn> turns = lane.turns().getOrDefault(step, List.of());
      row.append("<td>").append(cell(turns)).append("</td>");
    }
    return row.append("</tr>").toString();
  }

  private static String cell(List<LanesRun.Turn> turns) {
    StringBuilder cell = new StringBuilder();
    int calls = 0;
    int hidden = 0;
    for (LanesRun.Turn turn : turns) {
      StringBuilder lines = new StringBuilder();
      for (TraceRow call : turn.calls()) {
        if (calls++ < CALLS_MAX) {
          lines.append(line(call));
        } else {
          hidden++;
        }
      }
      cell.append(lines.isEmpty() ? "" : "<div class=turn>" + lines + "</div>");
    }
    return hidden == 0 ? cell.toString() : cell + "<div class=more>and " + hidden + " more</div>";
  }

  private static String line(TraceRow call) {
    String text = escape(call.text());
    String who = call.connection() == null ? "" : " (" + escape(call.connection()) + ")";
    return "<div class=%s title=\"%s\">%s</div>".formatted(kind(call), text + who, text);
  }

  private static String kind(TraceRow call) {
    if (call.failed()) {
      return "error";
    }
    if (call.waits()) {
      return "wait";
    }
    return switch (call.call) {
      case "READ", "ACCEPT" -> "in";
      case "WRITE", "WRITEV", "CONNECT" -> "out";
      case "EPOLL_CTL", "PORT_ASSOCIATE", "PORT_DISSOCIATE" -> "control";
      default -> "other";
    };
  }

  private String counts() {
    Set<String> kinds = new TreeSet<>();
    lanes.forEach(lane -> kinds.addAll(lane.counts().keySet()));
    StringBuilder rows = new StringBuilder();
    for (String kind : kinds) {
      rows.append("<tr><td>").append(kind.toLowerCase(Locale.ROOT)).append("</td>");
      for (LanesRun lane : lanes) {
        Integer count = lane.counts().get(kind);
        rows.append("<td>").append(count == null ? "" : count).append("</td>");
      }
      rows.append("</tr>\n");
    }
    rows.append("<tr class=total><td>all</td>");
    lanes.forEach(lane -> rows.append("<td>").append(total(lane)).append("</td>"));
    rows.append("</tr>\n<tr><td>requests read</td>");
    lanes.forEach(lane -> rows.append("<td>").append(lane.requests()).append("</td>"));
    rows.append("</tr>\n<tr class=total><td>calls a request</td>");
    for (LanesRun lane : lanes) {
      double each = (double) total(lane) / Math.max(1, lane.requests());
      rows.append(String.format(Locale.ROOT, "<td>%.2f</td>", each));
    }
    return rows.append("</tr>").toString();
  }

  private static int total(LanesRun lane) {
    return lane.counts().values().stream().mapToInt(Integer::intValue).sum();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
