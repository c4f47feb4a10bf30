package twemlab.sim.run.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import twemlab.proxy.tool.Choice;

/// A known bug as a patch: lines of one method, found by its name and by their text without regard
/// to indentation, and what stands there instead. The patches are in `mutants.txt`.
///
/// @param name how the command calls it; a specimen of the bug museum begins with its id
/// @param story what goes wrong
/// @param className of the class that it changes
/// @param method where the lines stand, or empty for anywhere in the class
/// @param removed lines of the source
/// @param added lines in their place
public record Mutant(
    String name,
    String story,
    String className,
    String method,
    List<String> removed,
    List<String> added) {

  /// All mutants; the canary first.
  public static final List<Mutant> ALL = read();

  /// The one of a name.
  ///
  /// @throws Choice.Unknown if there is none
  public static Mutant named(String name) {
    return Choice.of("mutant", name, ALL, Mutant::name);
  }

  private static List<Mutant> read() {
    try (InputStream in = Mutant.class.getResourceAsStream("mutants.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Stream.of(text.split("\n\n+", -1))
          .filter(block -> !block.isBlank() && !block.startsWith("#"))
          .map(Mutant::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Mutant parse(String block) {
    List<String> lines = block.strip().lines().toList();
    String place = lines.get(2).substring("in ".length());
    int hash = place.indexOf('#');
    return new Mutant(
        lines.get(0),
        lines.get(1),
        hash < 0 ? place : place.substring(0, hash),
        hash < 0 ? "" : place.substring(hash + 1),
        starting(lines, '-'),
        starting(lines, '+'));
  }

  private static List<String> starting(List<String> lines, char mark) {
    return lines.stream()
        .filter(line -> line.charAt(0) == mark)
        .map(line -> line.substring(1).strip())
        .toList();
  }

  /// The source that it changes, from the project's root.
  String file() {
    String module = className.split("\\.", 3)[1];
    return module + "/src/main/java/" + className.replace('.', '/') + ".java";
  }

  /// The source with the bug in it.
  ///
  /// @throws IllegalStateException if the patch does not apply any more
  String apply(Path root) throws IOException {
    List<String> source = Files.readAllLines(root.resolve(file()));
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i + removed.size() <= source.size(); i++) {
      boolean matches = true;
      for (int j = 0; j < removed.size(); j++) {
        matches &= source.get(i + j).strip().equals(removed.get(j));
      }
      if (matches && (method.isEmpty() || method.equals(methodAt(source, i)))) {
        places.add(i);
      }
    }
    if (places.size() != 1) {
      throw new IllegalStateException(
          "%s: its lines occur %d times in %s#%s"
              .formatted(name, places.size(), className, method));
    }
    List<String> mutated = new ArrayList<>(source.subList(0, places.getFirst()));
    mutated.addAll(added);
    mutated.addAll(source.subList(places.getFirst() + removed.size(), source.size()));
    return String.join("\n", mutated);
  }

  /// The name of the method that a line belongs to: that of the nearest declaration above it. The
  /// project's formatter indents members by two spaces, those of nested classes by four.
  private static String methodAt(List<String> source, int line) {
    for (int i = line; i >= 0; i--) {
      String text = source.get(i);
      String declaration = text.strip();
      boolean member = text.startsWith("  ") && !text.startsWith("      ");
      int open = declaration.indexOf('(');
      boolean head = open > 0 && declaration.substring(0, open).matches("[\\w<>\\[\\]., ]+ \\w+");
      if (member && head && !declaration.matches("(return|else|throw|new|yield)\\b.*")) {
        return declaration.substring(declaration.lastIndexOf(' ', open) + 1, open);
      }
    }
    return "";
  }
}
