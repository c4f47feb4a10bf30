package twemlab.sim.run;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;
import twemlab.event.backend.Backend;
import twemlab.sim.Simulation;
import twemlab.sim.choice.ChoiceLog;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.scenario.SwarmSettings;

/// A run that a [Shrinker] has made small, in a form that can be kept and run again:
///
/// ```text
/// seed 7                    the run it came from
/// requests 100
/// backend epoll             if one was asked for
/// off RST,LATE              if any were
/// simpler 3 0 12            which of the simpler configurations was taken, each time
/// choices                   what is drawn, by stream: see ChoiceLog
/// . 4 1
/// pool1-client1 0 3 7
/// ```
///
/// It is good for the version of the program that wrote it: what is drawn changes with the code.
///
/// @param simpler indexes into what [Simplifier#simpler] gives
public record ShrunkRun(
    long seed, SwarmSettings.Wish wish, List<Integer> simpler, ChoiceLog choices) {
  private static final String CHOICES = "choices\n";

  /// The configuration, by the steps that led to it.
  ///
  /// @throws IllegalArgumentException if a step does not exist
  public SwarmSettings settings() {
    SwarmSettings settings = Simulation.settings(new SeededChoices(seed), wish);
    for (int index : simpler) {
      List<SwarmSettings> candidates = Simplifier.simpler(settings);
      if (index < 0 || index >= candidates.size()) {
        throw new IllegalArgumentException(
            "there is no simpler configuration " + index + " of " + candidates.size());
      }
      settings = candidates.get(index);
    }
    return settings;
  }

  /// What a file of it holds.
  public String text() {
    StringJoiner lines = new StringJoiner("\n", "", "\n" + CHOICES + choices);
    lines.add("seed " + seed);
    lines.add("requests " + wish.requestsPerClient());
    wish.base().ifPresent(base -> lines.add("backend " + base.backend()));
    if (!wish.off().isEmpty()) {
      lines.add("off " + String.join(",", new TreeSet<>(wish.off())));
    }
    lines.add("simpler " + simpler.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    return lines.toString();
  }

  /// Reads what [#text] wrote.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static ShrunkRun parse(String text) {
    int at = text.indexOf("\n" + CHOICES);
    if (at < 0) {
      throw new IllegalArgumentException("no line \"choices\"; --shrink writes such files");
    }
    Map<String, String> fields = new HashMap<>();
    for (String line : text.substring(0, at).lines().toList()) {
      int space = line.indexOf(' ');
      fields.put(space < 0 ? line : line.substring(0, space), line.substring(space + 1).strip());
    }
    if (!fields.containsKey("seed") || !fields.containsKey("requests")) {
      throw new IllegalArgumentException("no lines \"seed N\" and \"requests N\"");
    }
    Optional<Backend> base = Optional.ofNullable(fields.get("backend")).map(Named::backend);
    return new ShrunkRun(
        Long.parseLong(fields.get("seed")),
        new SwarmSettings.Wish(
            base,
            Long.parseLong(fields.get("requests")),
            Named.faults(words(fields.get("off"), ","))),
        numbers(fields.getOrDefault("simpler", "")),
        ChoiceLog.parse(text.substring(at + 1 + CHOICES.length())));
  }

  private static Set<String> words(String list, String separator) {
    return list == null ? Set.of() : Set.copyOf(Arrays.asList(list.split(separator, -1)));
  }

  private static List<Integer> numbers(String list) {
    return list.isEmpty()
        ? List.of()
        : Arrays.stream(list.split(" ", -1)).map(Integer::valueOf).toList();
  }
}
