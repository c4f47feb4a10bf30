package twemlab.proxy.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import twemlab.event.kernel.Errno;

/// What a trace says of itself, in its first line.
///
/// @param title what was run, in a few words
/// @param about further facts by name, in order
/// @param lanes the clients and servers that are known beforehand, in order
public record TraceHead(String title, Map<String, String> about, List<Lane> lanes) {
  private static final int VERSION = 1;

  /// A column of the picture.
  ///
  /// @param side `client` or `server`
  public record Lane(String name, String side) {}

  /// The head as a line of JSON, with the errors that the results of calls stand for.
  String json() {
    Json facts = new Json().begin();
    about.forEach(facts::field);
    List<String> columns = new ArrayList<>();
    for (Lane lane : lanes) {
      columns.add(new Json().begin().field("name", lane.name()).field("side", lane.side()).end());
    }
    Json errors = new Json().begin();
    for (Errno errno : Errno.values()) {
      if (errno.number() > 0) {
        String names = Json.quoted(errno.name()) + "," + Json.quoted(errno.text());
        errors.raw(String.valueOf(errno.number()), "[" + names + "]");
      }
    }
    return new Json()
        .begin()
        .field("trace", "twemlab")
        .field("version", VERSION)
        .field("title", title)
        .raw("about", facts.end())
        .raw("lanes", "[" + String.join(",", columns) + "]")
        .raw("errors", errors.end())
        .end();
  }
}
