package twemlab.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/// One row of the table of cases: an input, and what twemproxy 0.5.0 said about it.
///
/// @param number the line of the file
/// @param subject which parser
/// @param text the bytes, given as one buffer; one character each
/// @param result `OK`, `AGAIN` or `ERROR`
/// @param expected the columns from `result` on
record CaseRow(int number, Subject subject, String text, String result, String expected) {
  static final List<CaseRow> ALL = load();

  private static List<CaseRow> load() {
    InputStream file = CaseRow.class.getResourceAsStream("parser-cases.tsv.gz");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(file)), StandardCharsets.US_ASCII))) {
      List<String> rows = lines.lines().toList();
      return IntStream.range(1, rows.size()).mapToObj(i -> parse(i + 1, rows.get(i))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CaseRow parse(int number, String line) {
    String[] columns = line.split("\t", 4);
    byte[] input = columns[2].equals("-") ? new byte[0] : HexFormat.of().parseHex(columns[2]);
    String result = columns[3].substring(0, columns[3].indexOf('\t'));
    String text = new String(input, StandardCharsets.ISO_8859_1);
    return new CaseRow(number, Subject.of(columns[0], columns[1]), text, result, columns[3]);
  }

  /// The bytes.
  byte[] input() {
    return Subject.bytes(text);
  }

  @Override
  public String toString() {
    return "line "
        + number
        + " "
        + subject
        + " "
        + expected
        + " "
        + HexFormat.of().formatHex(input());
  }
}
