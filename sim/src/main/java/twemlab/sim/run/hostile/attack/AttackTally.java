package twemlab.sim.run.hostile.attack;

import java.util.Map;
import java.util.TreeMap;

/// How often an attack was made, and what the proxy answered. Any thread counts.
public final class AttackTally {
  /// Further ones are counted together.
  private static final int ANSWERS_MAX = 12;

  private final Map<String, Long> answers = new TreeMap<>();
  private long rounds;

  synchronized void round() {
    rounds++;
  }

  synchronized void heard(String answer) {
    boolean known = answers.containsKey(answer) || answers.size() < ANSWERS_MAX;
    answers.merge(known ? answer : "other", 1L, Long::sum);
  }

  public synchronized long rounds() {
    return rounds;
  }

  /// The most frequent answers first, in one line.
  public synchronized String answers() {
    StringBuilder text = new StringBuilder();
    answers.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            entry ->
                text.append(text.isEmpty() ? "" : ", ")
                    .append(entry.getKey())
                    .append(" x")
                    .append(entry.getValue()));
    return text.toString();
  }
}
