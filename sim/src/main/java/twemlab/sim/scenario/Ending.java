package twemlab.sim.scenario;

import twemlab.sim.choice.Choices;

/// How a run ends: by the clients' last reply, or by a signal in the middle of everything.
///
/// @param afterPercent of the requests SIGTERM comes; 100 for never
/// @param timeoutSeconds that the orderly end may take
/// @param secondAfter so many of its turns a second signal ends the process at once; 0 for never
public record Ending(int afterPercent, int timeoutSeconds, int secondAfter) {
  /// No signal comes.
  public static final Ending NONE = new Ending(100, 0, 0);

  static Ending draw(Choices choices) {
    boolean signalled = choices.chance(1, 4);
    int afterPercent = choices.below(90);
    int timeoutSeconds = choices.weighted(7, 1) == 0 ? 600 : 1;
    int secondAfter = choices.chance(1, 8) ? 1 + choices.below(40) : 0;
    return signalled ? new Ending(afterPercent, timeoutSeconds, secondAfter) : NONE;
  }

  public boolean isSignalled() {
    return afterPercent < 100;
  }

  @Override
  public String toString() {
    return !isSignalled()
        ? "by the last reply"
        : "SIGTERM after %d %% of the requests, %d s to end%s"
            .formatted(
                afterPercent,
                timeoutSeconds,
                secondAfter > 0 ? ", a second one " + secondAfter + " turns later" : "");
  }
}
