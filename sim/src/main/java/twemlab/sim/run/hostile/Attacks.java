package twemlab.sim.run.hostile;

import java.util.List;

/// All attacks, each with its name and what it does.
public final class Attacks {
  private static final List<Attack> ALL =
      List.of(
          new ManyArguments(),
          new HugeArgument(),
          new UnfinishedMget(),
          new LargeMget(),
          new LeaveEarly(),
          new LeaveStalled(),
          new OddNumbers(),
          new EvilReplies(),
          new NestedReply(),
          new ReplyOverLimit(),
          new FalseFailures(),
          new NoreplyStalled(),
          new UnfinishedMset(),
          new SingleBytes(),
          new SlowSmall(),
          new SlowLarge(),
          new LargeSet(),
          new RefusedSet(),
          new StatsFlood(),
          new PoolFlood(),
          new RefusedClients(),
          new Slowloris(),
          new HalfOpen(),
          new EndlessLine(),
          new NearValid());

  private Attacks() {}

  static List<Attack> all() {
    return ALL;
  }

  /// The names, in the order of the rotation.
  public static List<String> names() {
    return ALL.stream().map(Attack::name).toList();
  }

  /// A line for each.
  public static List<String> lines() {
    return ALL.stream().map(each -> "%-18s %s".formatted(each.name(), each.what())).toList();
  }

  static Attack named(String name) {
    return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }
}
