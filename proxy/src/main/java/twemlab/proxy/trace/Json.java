package twemlab.proxy.trace;

/// One JSON object, field by field.
final class Json {
  private final StringBuilder text = new StringBuilder();

  Json begin() {
    text.append('{');
    return this;
  }

  Json field(String name, long value) {
    name(name).append(value);
    return this;
  }

  Json field(String name, String value) {
    name(name).append(quoted(value));
    return this;
  }

  Json optional(String name, String value) {
    return value == null ? this : field(name, value);
  }

  Json raw(String name, String json) {
    name(name).append(json);
    return this;
  }

  String end() {
    return text.append('}').toString();
  }

  private StringBuilder name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    return text.append('"').append(name).append("\":");
  }

  static String quoted(String value) {
    StringBuilder quoted = new StringBuilder(value.length() + 8).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        default -> {
          if (c < ' ' || c > '~') {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
