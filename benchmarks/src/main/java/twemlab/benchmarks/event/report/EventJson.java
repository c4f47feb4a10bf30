package twemlab.benchmarks.event.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import twemlab.benchmarks.compare.ProxyIdle;
import twemlab.benchmarks.event.Item;

/// An [EventReport] as JSON.
final class EventJson {
  private EventJson() {}

  static String of(EventReport report) {
    return "{\n  \"manifest\": "
        + texts(report.facts())
        + ",\n  \"results\": "
        + rows(report.results().stream().map(EventJson::result).toList())
        + ",\n  \"idle\": "
        + rows(report.idle().stream().map(EventJson::row).toList())
        + ",\n  \"left out\": "
        + rows(report.left().stream().map(EventJson::quoted).toList())
        + "\n}\n";
  }

  private static String result(Item.Result each) {
    Item item = each.item();
    return String.format(
        Locale.ROOT,
        "{\"section\": %s, \"subject\": %s, \"benchmark\": %s, \"parameters\": %s, \"units\": %d,"
            + " \"nanos\": %s, \"error\": %s, \"bytes\": %s, \"systemCalls\": %s}",
        quoted(item.section().name()),
        quoted(item.subject()),
        quoted(item.type().getSimpleName() + "." + item.method()),
        texts(item.parameters()),
        item.units(),
        number(each.nanos()),
        number(each.error()),
        number(each.bytes()),
        each.calls() < 0 ? "null" : number(each.calls()));
  }

  private static String row(ProxyIdle.Row row) {
    return String.format(
        Locale.ROOT,
        "{\"target\": %s, \"idle\": %d, \"rate\": %s, \"cpuMicros\": %s, \"systemCalls\": %s,"
            + " \"p50Micros\": %s, \"p99Micros\": %s}",
        quoted(row.target()),
        row.idle(),
        number(row.rate()),
        number(row.cpuMicros()),
        row.systemCalls() < 0 ? "null" : number(row.systemCalls()),
        number(row.p50()),
        number(row.p99()));
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null";
  }

  private static String texts(Map<String, String> texts) {
    List<String> fields = new ArrayList<>();
    texts.forEach((name, value) -> fields.add(quoted(name) + ": " + quoted(value)));
    return "{" + String.join(", ", fields) + "}";
  }

  private static String rows(List<String> rows) {
    return rows.isEmpty()
        ? "[]"
        : rows.stream().collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]"));
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else {
        quoted.append(c < ' ' ? ' ' : c);
      }
    }
    return quoted.append('"').toString();
  }
}
