package twemlab.sim.choice;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// The numbers that a run drew, by stream, in the order of the streams' first draws.
///
/// It is what a shrinker edits: dropping, zeroing or lowering a number gives another valid run (see
/// [ReplayedChoices]). Its text form has one line per stream: the name, then the numbers.
public final class ChoiceLog {
  /// The name under which the draws of the outermost [Choices] are logged.
  public static final String ROOT = ".";

  private final SequencedMap<String, Draws> streams = new LinkedHashMap<>();
  private final SequencedMap<String, Draws> units = new LinkedHashMap<>();

  /// The names of the streams that drew something.
  public Iterable<String> streams() {
    return streams.sequencedKeySet();
  }

  /// A copy of what the stream drew; empty if it drew nothing.
  public int[] draws(String stream) {
    Draws draws = streams.get(stream);
    return draws == null ? new int[0] : draws.toArray();
  }

  /// Where the units of a stream begin (see [Choices#beginUnit]), in a run that was recorded; empty
  /// if it has none.
  public int[] units(String stream) {
    Draws begins = units.get(stream);
    return begins == null ? new int[0] : begins.toArray();
  }

  /// Draws of all streams together.
  public int size() {
    return streams.values().stream().mapToInt(draws -> draws.count).sum();
  }

  /// A copy in which one stream drew `draws` instead.
  public ChoiceLog with(String stream, int... draws) {
    ChoiceLog copy = new ChoiceLog();
    streams.forEach((name, old) -> copy.streams.put(name, new Draws(old.toArray())));
    copy.streams.put(stream, new Draws(draws.clone()));
    return copy;
  }

  void beginUnit(String stream) {
    int begin = streams.computeIfAbsent(stream, name -> new Draws(new int[16], 0)).count;
    units.computeIfAbsent(stream, name -> new Draws(new int[16], 0)).add(begin);
  }

  void add(String stream, int drawn) {
    streams.computeIfAbsent(stream, name -> new Draws(new int[16], 0)).add(drawn);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Draws> stream : streams.entrySet()) {
      text.append(stream.getKey());
      for (int i = 0; i < stream.getValue().count; i++) {
        text.append(' ').append(stream.getValue().values[i]);
      }
      text.append('\n');
    }
    return text.toString();
  }

  /// Reads what [#toString] wrote.
  ///
  /// @throws NumberFormatException if a line holds something other than a name and numbers
  public static ChoiceLog parse(String text) {
    ChoiceLog log = new ChoiceLog();
    for (String line : text.lines().toList()) {
      int[] draws = line.split(" ", -1).length == 1 ? new int[0] : numbers(line);
      log.streams.put(line.split(" ", 2)[0], new Draws(draws));
    }
    return log;
  }

  private static int[] numbers(String line) {
    return Arrays.stream(line.split(" ", -1)).skip(1).mapToInt(Integer::parseInt).toArray();
  }

  private static final class Draws {
    private int[] values;
    private int count;

    Draws(int[] values) {
      this(values, values.length);
    }

    Draws(int[] values, int count) {
      this.values = values;
      this.count = count;
    }

    void add(int drawn) {
      if (count == values.length) {
        values = Arrays.copyOf(values, Math.max(16, 2 * count));
      }
      values[count++] = drawn;
    }

    int[] toArray() {
      return Arrays.copyOf(values, count);
    }
  }
}
