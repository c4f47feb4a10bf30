package twemlab.proxy.stats;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The answer of the stats port, byte for byte in nutcracker's layout: `", "` after scalars, `":
/// {"` before objects, `},` without a blank after them, one line feed at the end. Names are not
/// escaped, as in nutcracker: a name with a quote makes an answer that is not JSON. Behind
/// nutcracker's values come ours ([ProcessField]).
///
/// C counterparts `stats_make_rsp`, `stats_add_header`, `stats_begin_nesting`, `stats_end_nesting`.
public final class StatsJson {
  private StatsJson() {}

  /// The answer as UTF-8.
  public static byte[] write(StatsSnapshot snapshot, StatsHeader header) {
    StringBuilder json = new StringBuilder("{");
    text(json, "service", header.service());
    text(json, "source", header.source());
    text(json, "version", header.version());
    number(json, "uptime", header.uptime());
    number(json, "timestamp", header.timestamp());
    number(json, "total_connections", snapshot.totalConnections());
    number(json, "curr_connections", snapshot.currConnections());
    for (int pool = 0; pool < snapshot.names().size(); pool++) {
      pool(json, snapshot, pool);
    }
    if (!snapshot.names().isEmpty()) {
      json.append(' ');
    }
    for (ProcessField field : ProcessField.values()) {
      number(json, field.fieldName(), snapshot.process(field));
    }
    json.setLength(json.lastIndexOf(","));
    return json.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void pool(StringBuilder json, StatsSnapshot snapshot, int pool) {
    begin(json, snapshot.names().get(pool).pool());
    for (PoolField field : PoolField.values()) {
      number(json, field.fieldName(), snapshot.pool(pool, field));
    }
    List<String> servers = snapshot.names().get(pool).servers();
    for (int server = 0; server < servers.size(); server++) {
      begin(json, servers.get(server));
      for (ServerField field : ServerField.values()) {
        number(json, field.fieldName(), snapshot.server(pool, server, field));
      }
      end(json);
    }
    end(json);
  }

  /// Puts the end of an object in place of the separator after its last member.
  private static void end(StringBuilder json) {
    json.setLength(json.lastIndexOf(","));
    json.append("},");
  }

  private static void begin(StringBuilder json, String name) {
    json.append('"').append(name).append("\": {");
  }

  private static void text(StringBuilder json, String name, String value) {
    json.append('"').append(name).append("\":\"").append(value).append("\", ");
  }

  private static void number(StringBuilder json, String name, long value) {
    json.append('"').append(name).append("\":").append(value).append(", ");
  }
}
