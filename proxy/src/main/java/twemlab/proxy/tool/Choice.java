package twemlab.proxy.tool;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// One of a list of names that a person types. The first letters are enough if they are those of
/// one name alone. Any thread.
public final class Choice {
  /// What was typed is no name of the list: wrong usage of a command, and [Launch] says so.
  public static final class Unknown extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private Unknown(String message) {
      super(message);
    }
  }

  private Choice() {}

  /// What a name stands for.
  ///
  /// @param what the list holds, before the word that was typed: `--scenario`, `suite`
  /// @param given what was typed
  /// @param all what there is
  /// @param name of each
  /// @throws Unknown with the nearest name and all names
  public static <T> T of(
      String what, String given, Collection<T> all, Function<? super T, String> name) {
    List<T> begun = all.stream().filter(each -> name.apply(each).startsWith(given)).toList();
    Optional<T> exact = begun.stream().filter(each -> name.apply(each).equals(given)).findFirst();
    if (exact.isPresent() || (begun.size() == 1 && !given.isEmpty())) {
      return exact.orElseGet(begun::getFirst);
    }
    throw new Unknown(text(what, given, all.stream().<String>map(name).toList()));
  }

  /// A name of a list.
  ///
  /// @throws Unknown as [#of(String, String, Collection, Function)]
  public static String of(String what, String given, Collection<String> names) {
    return of(what, given, names, each -> each);
  }

  private static String text(String what, String given, List<String> names) {
    String nearest = nearest(given, names).map(name -> "did you mean " + name + "? ").orElse("");
    return what + " '" + given + "': " + nearest + "accepted: " + String.join(", ", names);
  }

  /// The name that slips of the finger turn into what was typed: one for every three letters.
  private static Optional<String> nearest(String given, Collection<String> names) {
    return names.stream()
        .filter(name -> slips(given, name) <= name.length() / 3)
        .min(Comparator.comparingInt(name -> slips(given, name)));
  }

  /// How many letters to insert, delete, replace, or swap with the next (Damerau, 1964).
  private static int slips(String given, String name) {
    String typed = given.toLowerCase(Locale.ROOT);
    String wanted = name.toLowerCase(Locale.ROOT);
    int[][] slips = new int[typed.length() + 1][wanted.length() + 1];
    for (int i = 0; i <= typed.length(); i++) {
      for (int j = 0; j <= wanted.length(); j++) {
        slips[i][j] = i == 0 || j == 0 ? i + j : slips(slips, typed, wanted, i, j);
      }
    }
    return slips[typed.length()][wanted.length()];
  }

  private static int slips(int[][] slips, String typed, String wanted, int i, int j) {
    char last = typed.charAt(i - 1);
    int replaced = slips[i - 1][j - 1] + (last == wanted.charAt(j - 1) ? 0 : 1);
    int fewest = Math.min(replaced, 1 + Math.min(slips[i - 1][j], slips[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && last == wanted.charAt(j - 2)
            && typed.charAt(i - 2) == wanted.charAt(j - 1);
    return swapped ? Math.min(fewest, 1 + slips[i - 2][j - 2]) : fewest;
  }
}
