package twemlab.hashing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// Reads the answers of the reference implementation from the test resources.
final class Tables {
  private Tables() {}

  /// The columns of each row; the first row is the header.
  static List<String[]> rows(String resource) {
    try (InputStream in = Tables.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t", -1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] hex(String column) {
    return column.equals("-") ? new byte[0] : HexFormat.of().parseHex(column);
  }
}
