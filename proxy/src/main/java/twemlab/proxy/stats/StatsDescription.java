package twemlab.proxy.stats;

/// What `-D` prints after the version. C counterpart `stats_describe`.
public final class StatsDescription {
  private StatsDescription() {}

  /// The lines of every field, pools first; ends with a line feed.
  public static String text() {
    StringBuilder text = new StringBuilder("pool stats:\n");
    for (PoolField field : PoolField.values()) {
      line(text, field.fieldName(), field.description());
    }
    text.append("\nserver stats:\n");
    for (ServerField field : ServerField.values()) {
      line(text, field.fieldName(), field.description());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String description) {
    text.append(String.format("  %-20s\"%s\"\n", name, description));
  }
}
