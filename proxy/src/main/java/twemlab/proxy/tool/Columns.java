package twemlab.proxy.tool;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import twemlab.hashing.Node;

/// The columns that the commands read, each refused with its own words.
final class Columns {
  private static final long HASH_MAX = 0xffff_ffffL;

  private Columns() {}

  /// Bytes in hex; `-` for none.
  static byte[] hex(String column) throws BadLine {
    if (column.equals("-")) {
      return new byte[0];
    }
    if (column.isEmpty()) {
      throw new BadLine("nothing; accepted: hex digits, or - for no bytes");
    }
    if (column.length() % 2 != 0) {
      throw new BadLine("odd number of hex digits: " + column.length());
    }
    for (int i = 0; i < column.length(); i++) {
      if (!HexFormat.isHexDigit(column.charAt(i))) {
        throw new BadLine("not a hex digit at column " + (i + 1));
      }
    }
    return HexFormat.of().parseHex(column);
  }

  /// Bytes as hex in lower case; `-` for none.
  static String hex(byte[] bytes) {
    return bytes.length == 0 ? "-" : HexFormat.of().formatHex(bytes);
  }

  /// Servers as `name@weight/dead`, joined by commas.
  static List<Node> servers(String column) throws BadLine {
    List<Node> nodes = new ArrayList<>();
    for (String server : column.split(",", -1)) {
      nodes.add(server(nodes.size(), server));
    }
    return nodes;
  }

  private static Node server(int index, String text) throws BadLine {
    int at = text.lastIndexOf('@');
    int slash = text.indexOf('/', at + 1);
    if (at < 0 || slash < 0) {
      throw new BadLine("server '" + shown(text) + "' is not name@weight/dead");
    }
    String dead = text.substring(slash + 1);
    if (!dead.equals("0") && !dead.equals("1")) {
      throw new BadLine(
          "server '" + shown(text) + "': dead is '" + shown(dead) + "'; accepted: 0, 1");
    }
    long weight = number(text.substring(at + 1, slash), Integer.MAX_VALUE);
    if (weight < 1) {
      throw new BadLine(
          "server '" + shown(text) + "': weight is not a number from 1 to 2147483647");
    }
    return new Node(index, utf8(text.substring(0, at)), (int) weight, dead.equals("0"));
  }

  /// Unsigned 32-bit numbers, joined by commas; `-` for none.
  static int[] hashes(String column) throws BadLine {
    if (column.equals("-")) {
      return new int[0];
    }
    String[] texts = column.split(",", -1);
    int[] hashes = new int[texts.length];
    for (int i = 0; i < texts.length; i++) {
      long hash = number(texts[i], HASH_MAX);
      if (hash < 0) {
        throw new BadLine("hash '" + shown(texts[i]) + "' is not a number from 0 to 4294967295");
      }
      hashes[i] = (int) hash;
    }
    return hashes;
  }

  /// Input in a message: as UTF-8, and without what would move a terminal's cursor.
  static String shown(String text) {
    String utf8 = new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return utf8.replaceAll("\\p{Cntrl}", "?");
  }

  /// A number in decimal digits up to `max`, or -1.
  private static long number(String text, long max) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || text.length() > 10) {
      return -1;
    }
    long number = Long.parseLong(text);
    return number <= max ? number : -1;
  }

  /// A name whose bytes are UTF-8: hashing it as text must give these bytes back.
  private static String utf8(String name) throws BadLine {
    String text = new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    String back = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    if (!back.equals(name)) {
      throw new BadLine("a server's name is not UTF-8");
    }
    return text;
  }
}
