package twemlab.proxy.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/// Splits a command line as glibc's getopt_long(3) does: clusters of letters (`-tv5`), arguments
/// attached or following (`-v5`, `-v 5`, `--verbose=5`, `--verbose 5`), long names shortened to any
/// prefix that fits only one, operands anywhere (and ignored), `--` as the end of options.
///
/// The options found before a mistake count for nothing: the first mistake ends the reading.
final class GetoptLong {
  /// One option as it was given; the argument is empty for an option that takes none.
  record Given(NutcrackerOption option, String argument) {}

  private final Iterator<String> rest;
  private final List<Given> found = new ArrayList<>();

  private GetoptLong(List<String> arguments) {
    this.rest = arguments.iterator();
  }

  /// The options in the order in which they were given.
  static List<Given> parse(List<String> arguments) throws UsageException {
    GetoptLong getopt = new GetoptLong(arguments);
    while (getopt.rest.hasNext()) {
      String word = getopt.rest.next();
      if (word.equals("--")) {
        break;
      }
      if (word.startsWith("--")) {
        getopt.longOption(word);
      } else if (word.startsWith("-") && word.length() > 1) {
        getopt.cluster(word);
      }
    }
    return getopt.found;
  }

  private void longOption(String word) throws UsageException {
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    NutcrackerOption option = byName(name, word);
    if (!option.takesArgument() && equals >= 0) {
      throw invalid(option.letter(), "--" + option.longName() + " takes no argument");
    }
    if (!option.takesArgument()) {
      found.add(new Given(option, ""));
    } else {
      found.add(new Given(option, equals >= 0 ? word.substring(equals + 1) : following(option)));
    }
  }

  private static NutcrackerOption byName(String name, String word) throws UsageException {
    List<NutcrackerOption> fitting = new ArrayList<>();
    for (NutcrackerOption option : NutcrackerOption.values()) {
      if (option.longName().equals(name)) {
        return option;
      }
      if (option.longName().startsWith(name)) {
        fitting.add(option);
      }
    }
    if (fitting.size() > 1) {
      // Ours come second: what was short enough for nutcracker still is.
      fitting.removeIf(option -> option.letter() == '\0');
    }
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    throw fitting.isEmpty()
        ? invalid('\0', "'" + word + "' is no option; accepted: " + longNames(all()))
        : invalid('\0', "'" + word + "' is ambiguous; it fits " + longNames(fitting));
  }

  private void cluster(String word) throws UsageException {
    for (int i = 1; i < word.length(); i++) {
      NutcrackerOption option = byLetter(word.charAt(i), word);
      if (!option.takesArgument()) {
        found.add(new Given(option, ""));
        continue;
      }
      boolean attached = i + 1 < word.length();
      found.add(new Given(option, attached ? word.substring(i + 1) : following(option)));
      return;
    }
  }

  private static NutcrackerOption byLetter(char letter, String word) throws UsageException {
    for (NutcrackerOption option : NutcrackerOption.values()) {
      if (option.hasLetter(letter)) {
        return option;
      }
    }
    String where = word.length() == 2 ? "'" + word + "'" : "'-" + letter + "' in '" + word + "'";
    throw invalid(letter, where + " is no option; accepted: " + letters());
  }

  /// The next word of the command line, whatever it looks like.
  private String following(NutcrackerOption option) throws UsageException {
    if (!rest.hasNext()) {
      throw new UsageException(option.requirement(), "accepted: --" + option.longName() + "=VALUE");
    }
    return rest.next();
  }

  /// nutcracker prints the character that getopt left behind: a zero for every unknown long name.
  private static UsageException invalid(char character, String hint) {
    return new UsageException("nutcracker: invalid option -- '" + character + "'", hint);
  }

  private static List<NutcrackerOption> all() {
    return Arrays.asList(NutcrackerOption.values());
  }

  private static String longNames(List<NutcrackerOption> options) {
    return options.stream().map(o -> "--" + o.longName()).collect(Collectors.joining(", "));
  }

  private static String letters() {
    return all().stream().map(NutcrackerOption::spelling).collect(Collectors.joining(", "));
  }
}
