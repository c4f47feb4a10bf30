package twemlab.sim.oracle;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// What was seen in a run: the sometimes-counters. Over enough runs none may stay at zero, or a
/// state that was meant to be tested is never reached.
public final class Tally {
  public long requests;
  public long replies;
  public long errors;
  private final Map<String, Long> counts = new TreeMap<>();

  public void add(String state) {
    add(state, 1);
  }

  public void add(String state, long times) {
    counts.merge(state, times, Long::sum);
  }

  public void error(byte[] line) {
    errors++;
    add("error: " + new String(line, StandardCharsets.ISO_8859_1).strip());
  }

  public Map<String, Long> counts() {
    return counts;
  }
}
