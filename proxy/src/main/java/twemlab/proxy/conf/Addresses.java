package twemlab.proxy.conf;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The address forms of `listen:` and `servers:`, split from the right as nutcracker does.
///
/// C counterparts `conf_set_listen`, `conf_add_server`, `nc_resolve_unix`.
final class Addresses {
  /// `sizeof(sun_path)` on Linux is 108, with the terminating zero.
  static final int UNIX_PATH_MAX = 107;

  private static final int MODE_MAX = 0777;

  /// The port that default server names leave out, as libmemcached does.
  private static final int UNNAMED_PORT = 11211;

  private static final String SERVER_FORM = "\"hostname:port:weight [name]\"";

  /// What strtol reads in base 8: leading blanks, one sign, octal digits; the rest is ignored.
  private static final Pattern OCTAL = Pattern.compile("^[ \\t\\n\\u000b\\f\\r]*([+-]?)([0-7]*)");

  private Addresses() {}

  /// `host:port`, split at the last colon, or `/path [octal mode]`, split at the last blank.
  static ListenConf listen(String text) throws Refusal {
    return text.startsWith("/") ? listenUnix(text) : listenInet(text);
  }

  private static ListenConf listenUnix(String text) throws Refusal {
    int blank = text.lastIndexOf(' ');
    String path = blank < 0 ? text : text.substring(0, blank);
    int mode = blank < 0 ? 0 : mode(text.substring(blank + 1));
    if (Values.bytes(path).length > UNIX_PATH_MAX) {
      throw new Refusal("has an invalid value");
    }
    return new ListenConf(text, new Endpoint.Unix(path), mode == 0 ? -1 : mode);
  }

  private static int mode(String text) throws Refusal {
    Matcher matcher = OCTAL.matcher(text);
    String digits = matcher.find() ? matcher.group(2).replaceFirst("^0+", "") : "";
    boolean negative = !digits.isEmpty() && matcher.group(1).equals("-");
    // Longer ones are too large; as numbers they would take time that grows with their square.
    if (negative || digits.length() > 4 || octal(digits) > MODE_MAX) {
      throw new Refusal(
          "has an invalid file permission in \"socket_path permission\" format string");
    }
    return octal(digits);
  }

  private static int octal(String digits) {
    return digits.isEmpty() ? 0 : Integer.parseInt(digits, 8);
  }

  private static ListenConf listenInet(String text) throws Refusal {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new Refusal("has an invalid \"hostname:port\" format string");
    }
    OptionalInt port = Values.port(text.substring(colon + 1));
    if (port.isEmpty()) {
      throw new Refusal("has an invalid port in \"hostname:port\" format string");
    }
    String host = text.substring(0, colon);
    if (host.isEmpty()) {
      throw new Refusal("has an invalid value");
    }
    return new ListenConf(text, new Endpoint.Inet(host, port.getAsInt()), -1);
  }

  /// `host:port:weight [name]` or `/path:weight [name]`.
  static ServerConf server(String text) throws Refusal {
    boolean unix = text.startsWith("/");
    int blank = text.lastIndexOf(' ');
    String address = blank < 0 ? text : text.substring(0, blank);
    int weightColon = address.lastIndexOf(':');
    int portColon = weightColon < 0 ? -1 : address.lastIndexOf(':', weightColon - 1);
    if (weightColon < 0 || unix != (portColon < 0)) {
      throw new Refusal(
          "has an invalid " + SERVER_FORM + "or \"/path/unix_socket:weight [name]\" format string");
    }
    int weight = weight(address.substring(weightColon + 1));
    Endpoint endpoint =
        unix
            ? new Endpoint.Unix(address.substring(0, weightColon))
            : inet(address, portColon, weightColon);
    String given = blank < 0 ? "" : text.substring(blank + 1);
    String name = blank < 0 ? defaultName(endpoint, address, weightColon) : given;
    return new ServerConf(given.isEmpty() ? text : address, name, endpoint, weight);
  }

  private static int weight(String text) throws Refusal {
    int weight =
        Values.digits(text)
            .orElseThrow(
                () -> new Refusal("has an invalid weight in " + SERVER_FORM + " format string"));
    if (weight == 0) {
      throw new Refusal("has a zero weight in " + SERVER_FORM + " format string");
    }
    return weight;
  }

  private static Endpoint inet(String address, int portColon, int weightColon) throws Refusal {
    int port =
        Values.port(address.substring(portColon + 1, weightColon))
            .orElseThrow(
                () -> new Refusal("has an invalid port in " + SERVER_FORM + " format string"));
    return new Endpoint.Inet(address.substring(0, portColon), port);
  }

  /// For a unix socket nutcracker takes one byte too many, the colon; rings were built with it.
  private static String defaultName(Endpoint endpoint, String address, int weightColon) {
    return switch (endpoint) {
      case Endpoint.Inet inet when inet.port() == UNNAMED_PORT -> inet.host();
      case Endpoint.Inet _ -> address.substring(0, weightColon);
      case Endpoint.Unix _ -> address.substring(0, weightColon + 1);
    };
  }
}
