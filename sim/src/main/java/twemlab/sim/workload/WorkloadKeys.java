package twemlab.sim.workload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

/// The keys of one [Workload]. A key belongs to a family by its index, and the requests for that
/// family find it holding their type (mostly: see [#drawAny]).
///
/// A key whose contents have become uncertain is retired: its index gets a new name, which no
/// server knows.
final class WorkloadKeys {
  /// The words for families in templates: text, number, hash, list, set.
  private static final List<String> FAMILIES = List.of("t", "n", "h", "l", "s");

  private final WorkloadSettings settings;
  private final int families;
  private final String[] names;
  private final Map<String, Integer> indexes = new LinkedHashMap<>();
  private final int[] generations;

  WorkloadKeys(WorkloadSettings settings) {
    if (settings.keys() < 16) {
      throw new IllegalArgumentException("a workload needs at least 16 keys");
    }
    this.settings = settings;
    this.families = settings.protocol() == WireProtocol.REDIS ? FAMILIES.size() : 2;
    this.names = new String[settings.keys()];
    this.generations = new int[settings.keys()];
    for (int index = 0; index < names.length; index++) {
      name(index);
    }
  }

  static boolean isFamily(String word) {
    return FAMILIES.contains(word);
  }

  /// A key of any family, which may hold another type than a request wants.
  String drawAny(Choices choices) {
    return names[choices.below(names.length)];
  }

  /// A key of the family.
  String draw(Choices choices, String family) {
    int group = choices.below(names.length / families);
    return names[group * families + FAMILIES.indexOf(family)];
  }

  /// The keys in use.
  List<String> names() {
    return List.of(names);
  }

  /// Gives the index of this key another name.
  void retire(String key) {
    Integer index = indexes.remove(key);
    if (index != null) {
      generations[index]++;
      name(index);
    }
  }

  private void name(int index) {
    String generation = generations[index] == 0 ? "" : "." + generations[index];
    String name = settings.keyPrefix() + index + generation;
    // Lengths from the plain name's to the maximum, the longer the rarer, and the same each time.
    long mixed = SeededChoices.mix(index) >>> 40;
    int room = Math.max(settings.keyLengthMax() - name.length(), 0);
    int padding = (int) (mixed % (1 + (room >> (int) (mixed / 31 % 5))));
    names[index] = name + "-".repeat(padding);
    indexes.put(names[index], index);
  }
}
