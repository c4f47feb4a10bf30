package twemlab.sim.run.hostile;

import java.util.List;
import twemlab.sim.run.hostile.attack.Attack;

/// Which attack is on when: each alone for a while, one after the other, then all at once, and
/// again.
///
/// ```text
/// many-arguments | huge-argument | ... | near-valid | all together (as long as five) | many-...
/// ```
///
/// Immutable; times are seconds since the start.
final class Rotation {
  private static final int ALL_TOGETHER = 5;
  private static final double ALONE_SECONDS_MAX = 10;

  private final List<Attack> attacks;
  private final double alone;

  /// @param seconds of the whole run: in it each attack comes at least once
  Rotation(List<Attack> attacks, double seconds) {
    this.attacks = attacks;
    this.alone = Math.min(ALONE_SECONDS_MAX, seconds / (attacks.size() + ALL_TOGETHER));
  }

  /// The number of the phase within the rotation; that of all together is the number of attacks.
  private int phase(double time) {
    double whole = alone * (attacks.size() + ALL_TOGETHER);
    return Math.min(attacks.size(), (int) (time % whole / alone));
  }

  boolean active(Attack attack, double time) {
    int phase = phase(time);
    return phase == attacks.size() || attacks.indexOf(attack) == phase;
  }

  /// The name of the attack that is on, or `all together`.
  String label(double time) {
    int phase = phase(time);
    return phase < attacks.size() || attacks.size() == 1
        ? attacks.get(phase % attacks.size()).name()
        : "all together";
  }
}
