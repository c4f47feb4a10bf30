package twemlab.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import twemlab.proxy.tool.Choice;

/// What can be fuzzed: a name, and a property that must hold for every input.
enum FuzzTarget {
  REDIS_REQUEST(FuzzTarget.PARSERS, StreamCheck.over(ParserSubject::redisRequest)),
  REDIS_REPLY(FuzzTarget.PARSERS, StreamCheck.over(ParserSubject::redisReply)),
  MEMCACHE_REQUEST(FuzzTarget.PARSERS, StreamCheck.over(ParserSubject::memcacheRequest)),
  MEMCACHE_REPLY(FuzzTarget.PARSERS, StreamCheck.over(ParserSubject::memcacheReply)),
  CONFIGURATION("twemlab.proxy.conf.**:org.snakeyaml.engine.**", ConfigurationCheck::check),
  PROXY("twemlab.proxy.*:twemlab.protocol.**", ProxyCheck::check);

  private static final String PARSERS = "twemlab.protocol.**";

  /// The ending of a seed that is a [ScriptText].
  private static final String TEXT = ".txt";

  private final String guidedBy;

  // The type cannot say so, but each is a method reference or a record of one.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Consumer<byte[]> property;

  FuzzTarget(String guidedBy, Consumer<byte[]> property) {
    this.guidedBy = guidedBy;
    this.property = property;
  }

  /// Throws when the property does not hold for the input. Anything that it throws is a finding.
  void check(byte[] input) {
    property.accept(input);
  }

  /// The classes whose coverage guides the search, as Jazzer's patterns.
  String guidedBy() {
    return guidedBy;
  }

  /// The input that a file holds: its bytes, or the script that its text describes.
  ///
  /// @throws IllegalArgumentException with the line of a text that is not understood
  byte[] input(Path file) throws IOException {
    boolean script = this == PROXY && file.toString().endsWith(TEXT);
    return script
        ? ScriptText.parse(Files.readString(file, StandardCharsets.ISO_8859_1)).encode()
        : Files.readAllBytes(file);
  }

  /// The target of that name.
  ///
  /// @throws Choice.Unknown with the accepted names when there is none
  static FuzzTarget byName(String name) {
    return Choice.of("target", name, List.of(values()), FuzzTarget::toString);
  }

  /// The name on the command line, such as `redis-request`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
