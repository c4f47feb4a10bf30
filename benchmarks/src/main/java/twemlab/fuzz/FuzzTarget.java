package twemlab.fuzz;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What can be fuzzed: a name, and a property that must hold for every input.
enum FuzzTarget {
  REDIS_REQUEST(StreamCheck.over(ParserSubject::redisRequest)),
  REDIS_REPLY(StreamCheck.over(ParserSubject::redisReply)),
  MEMCACHE_REQUEST(StreamCheck.over(ParserSubject::memcacheRequest)),
  MEMCACHE_REPLY(StreamCheck.over(ParserSubject::memcacheReply)),
  CONFIGURATION(ConfigurationCheck::check);

  // The type cannot say so, but each is a method reference or a record of one.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Consumer<byte[]> property;

  FuzzTarget(Consumer<byte[]> property) {
    this.property = property;
  }

  /// Throws when the property does not hold for the input. Anything that it throws is a finding.
  void check(byte[] input) {
    property.accept(input);
  }

  /// The target of that name.
  ///
  /// @throws IllegalArgumentException with the accepted names when there is none
  static FuzzTarget byName(String name) {
    return Arrays.stream(values())
        .filter(target -> target.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + name + "' is not a target; accepted: " + names()));
  }

  private static String names() {
    return Arrays.stream(values()).map(FuzzTarget::toString).collect(Collectors.joining(", "));
  }

  /// The name on the command line, such as `redis-request`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
