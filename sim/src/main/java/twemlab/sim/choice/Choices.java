package twemlab.sim.choice;

import java.util.List;

/// Everything that a run leaves to chance, drawn through one primitive.
///
/// A run is a function of the numbers that [#below] returned, so whoever supplies them owns the
/// run: [SeededChoices] draws them from a seed, [ReplayedChoices] repeats a [ChoiceLog], and a
/// shrinker, a property-testing library or a fuzzer can do the same behind this interface.
///
/// Two habits keep runs easy to shrink: draw `0` for the plain case (no fault, the first command,
/// the smallest size), and give each subsystem a [#stream] of its own, so that one draw more in one
/// of them moves nothing in the others. Not thread-safe; a run has one thread.
public interface Choices {
  /// A number from 0 to `bound - 1`, each equally likely when the source is a seed.
  ///
  /// @throws IllegalArgumentException if `bound < 1`
  int below(int bound);

  /// The stream of the subsystem `name`, independent of this one and of its other streams. The same
  /// name gives the same object.
  ///
  /// @param name without `/`, space and line ends; nested streams are logged as `outer/inner`
  Choices stream(String name);

  /// Says that what is drawn next belongs together, up to the next call: a batch of requests, say.
  /// A shrinker drops such units whole.
  default void beginUnit() {}

  /// A number from `low` to `high`, both included.
  default int between(int low, int high) {
    return low + below(Math.addExact(Math.subtractExact(high, low), 1));
  }

  /// True in `times` of `outOf` draws; drawing 0 answers false, so shrinking turns it off.
  default boolean chance(int times, int outOf) {
    return below(outOf) >= outOf - times;
  }

  /// One element of a list that is not empty.
  default <T> T pick(List<T> list) {
    return list.get(below(list.size()));
  }

  /// An index into `weights`, likely in proportion to its weight.
  ///
  /// @throws IllegalArgumentException if the weights sum to 0
  default int weighted(int... weights) {
    int sum = 0;
    for (int weight : weights) {
      sum = Math.addExact(sum, weight);
    }
    int left = below(sum);
    int index = 0;
    while (left >= weights[index]) {
      left -= weights[index++];
    }
    return index;
  }
}
