package twemlab.proxy.tool;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import twemlab.hashing.KeyHash;

/// `twemlab hash`: keys in hex to the rows of `hash-vectors.tsv`.
@Command(
    name = "twemlab hash",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = {
      "Hashes keys. Each input line is a key in hex, or - for the empty key; each output line is"
          + " the key and its unsigned 32-bit hashes, by default twemproxy's twelve in this order:",
      "one_at_a_time md5 crc16 crc32 crc32a fnv1_64 fnv1a_64 fnv1_32 fnv1a_32 hsieh murmur jenkins."
    },
    footer = "Example: printf 6170706c65 | twemlab hash")
public final class HashCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--hash",
      paramLabel = "NAME",
      split = ",",
      converter = HashName.class,
      description = "only these columns; also knows xxh3")
  private List<KeyHash> hashes =
      Arrays.stream(KeyHash.values()).filter(KeyHash::isTwemproxy).toList();

  HashCommand(Streams streams) {
    this.streams = streams;
  }

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    Streams streams = Streams.ofProcess();
    System.exit(Launch.run(new HashCommand(streams), streams, arguments));
  }

  @Override
  public Integer call() throws IOException {
    return new LineFilter(streams).run(this::row);
  }

  private String row(String line) throws BadLine {
    byte[] key = Columns.hex(line);
    StringBuilder row = new StringBuilder(Columns.hex(key));
    for (KeyHash hash : hashes) {
      row.append('\t').append(Integer.toUnsignedString(hash.hash(key, 0, key.length)));
    }
    return row.toString();
  }

  private static final class HashName implements ITypeConverter<KeyHash> {
    @Override
    public KeyHash convert(String name) {
      try {
        return Choice.of("hash", name, List.of(KeyHash.values()), KeyHash::configName);
      } catch (Choice.Unknown e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
