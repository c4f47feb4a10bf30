package twemlab.proxy.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import twemlab.proxy.log.FileErrors;

/// Reads a configuration file with nutcracker's rules and words.
///
/// The file is checked as nutcracker does, in this order: is it one YAML document, has it only the
/// allowed tokens, has it the shape of pools; then each directive where it stands; then each pool
/// as a whole; then the pools against each other. The first problem ends the reading.
///
/// C counterparts `conf_create`, `conf_open`.
public final class ConfFile {
  private static final String READER_ERROR = "conf: failed (err 2) to get the next yaml document";

  private ConfFile() {}

  /// Reads a file without resolving anything.
  ///
  /// @throws ConfException when it cannot be read or breaks a rule
  public static Conf read(Path file) throws ConfException {
    return read(file, ListenCheck.NONE);
  }

  /// Reads a file and asks the check about every listening host.
  ///
  /// @throws ConfException when it cannot be read or breaks a rule
  public static Conf read(Path file, ListenCheck listenCheck) throws ConfException {
    String name = file.toString();
    return parse(name, decode(name, bytes(file, name)), listenCheck);
  }

  /// The bytes of a file that is one: a pipe may never end, a device never does, and nutcracker,
  /// which reads a file three times, refuses a pipe too.
  private static byte[] bytes(Path file, String name) throws ConfException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      String what = Files.isDirectory(file) ? "is a directory" : "is a device or a pipe";
      throw new ConfException(name, 0, 0, READER_ERROR, what + "; accepted: a file");
    }
    try (InputStream input = Files.newInputStream(file)) {
      byte[] bytes = input.readNBytes(ConfLimits.FILE_BYTES + 1);
      if (bytes.length > ConfLimits.FILE_BYTES) {
        String limit = ConfLimits.FILE_BYTES + " bytes";
        throw new ConfException(
            name,
            0,
            0,
            "conf: '" + name + "' has more than " + limit,
            "accepted: a file of at most " + limit);
      }
      return bytes;
    } catch (IOException e) {
      throw new ConfException(
          name,
          0,
          0,
          "conf: failed to open configuration '" + name + "': " + FileErrors.text(e),
          "accepted: a readable file; -c names it");
    }
  }

  /// Reads a text without resolving anything.
  ///
  /// @param fileName how messages name the text
  /// @throws ConfException when it breaks a rule
  public static Conf parse(String fileName, String text) throws ConfException {
    return parse(fileName, text, ListenCheck.NONE);
  }

  /// Reads a text and asks the check about every listening host.
  ///
  /// @param fileName how messages name the text
  /// @throws ConfException when it breaks a rule
  public static Conf parse(String fileName, String text, ListenCheck listenCheck)
      throws ConfException {
    Refusals refuse = new Refusals(fileName);
    YamlSource source =
        new YamlSource(text.startsWith("\ufeff") ? text.substring(1) : text, refuse);
    ConfReader reader = new ConfReader(refuse, listenCheck);
    YamlRules.check(source, refuse);
    return new Conf(fileName, reader.pools(source.events()));
  }

  /// UTF-8, or UTF-16 when a byte order mark says so, as libyaml reads it.
  private static String decode(String name, byte[] bytes) throws ConfException {
    Charset charset =
        switch (bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff)) {
          case 0xfeff -> StandardCharsets.UTF_16BE;
          case 0xfffe -> StandardCharsets.UTF_16LE;
          default -> StandardCharsets.UTF_8;
        };
    ByteBuffer input = ByteBuffer.wrap(bytes);
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(input)
          .toString();
    } catch (CharacterCodingException _) {
      String before = new String(bytes, 0, input.position(), charset);
      Position at = Position.ofIndex(before, before.codePointCount(0, before.length()));
      throw new ConfException(
          name, at.line(), at.column(), READER_ERROR, "a byte that is not " + charset.name());
    }
  }
}
