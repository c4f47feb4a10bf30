package twemlab.sim.run.hostile;

import java.util.List;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.attack.large.EndlessLine;
import twemlab.sim.run.hostile.attack.large.HugeArgument;
import twemlab.sim.run.hostile.attack.large.LargeMget;
import twemlab.sim.run.hostile.attack.large.LargeSet;
import twemlab.sim.run.hostile.attack.large.ManyArguments;
import twemlab.sim.run.hostile.attack.large.PoolFlood;
import twemlab.sim.run.hostile.attack.large.RefusedClients;
import twemlab.sim.run.hostile.attack.large.RefusedSet;
import twemlab.sim.run.hostile.attack.large.ReplyOverLimit;
import twemlab.sim.run.hostile.attack.large.StatsFlood;
import twemlab.sim.run.hostile.attack.slow.HalfOpen;
import twemlab.sim.run.hostile.attack.slow.LeaveEarly;
import twemlab.sim.run.hostile.attack.slow.LeaveStalled;
import twemlab.sim.run.hostile.attack.slow.NoreplyStalled;
import twemlab.sim.run.hostile.attack.slow.SingleBytes;
import twemlab.sim.run.hostile.attack.slow.SlowLarge;
import twemlab.sim.run.hostile.attack.slow.SlowSmall;
import twemlab.sim.run.hostile.attack.slow.Slowloris;
import twemlab.sim.run.hostile.attack.slow.UnfinishedMget;
import twemlab.sim.run.hostile.attack.slow.UnfinishedMset;
import twemlab.sim.run.hostile.attack.wrong.EvilReplies;
import twemlab.sim.run.hostile.attack.wrong.FalseFailures;
import twemlab.sim.run.hostile.attack.wrong.NearValid;
import twemlab.sim.run.hostile.attack.wrong.NestedReply;
import twemlab.sim.run.hostile.attack.wrong.OddNumbers;

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
