package twemlab.hashing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A way to share keys among servers, by the name that a configuration gives it. The first three
/// are twemproxy's; the others are for research.
public enum DistributionKind {
  KETAMA("ketama", Ketama::build),
  MODULA("modula", Modula::build),
  RANDOM("random", RandomChoice::build),
  RENDEZVOUS("rendezvous", Rendezvous::build),
  JUMP("jump", Jump::build),
  MAGLEV("maglev", Maglev::build),
  KETAMA_BOUNDED("ketama_bounded", BoundedKetama::build);

  private final String configName;

  // The type cannot say so, but a reference to a static method is immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<List<Node>, Distribution> builder;

  DistributionKind(String configName, Function<List<Node>, Distribution> builder) {
    this.configName = configName;
    this.builder = builder;
  }

  /// The name in a configuration file, such as `ketama`.
  public String configName() {
    return configName;
  }

  /// The distribution of that name; names are case-sensitive, as in twemproxy.
  public static Optional<DistributionKind> byName(String name) {
    return Arrays.stream(values()).filter(kind -> kind.configName.equals(name)).findFirst();
  }

  /// Whether nutcracker 0.5.0 knows this distribution.
  public boolean isTwemproxy() {
    return compareTo(RANDOM) <= 0;
  }

  /// Builds the distribution over the live servers of the list. C counterparts `ketama_update`,
  /// `modula_update`, `random_update`.
  ///
  /// @param nodes all servers of a pool in index order, the dead ones too
  /// @throws ArithmeticException when weights add up to more than 2^31 - 1 where each unit of
  ///   weight is a place (modula, jump)
  public Distribution build(List<Node> nodes) {
    return builder.apply(nodes);
  }
}
