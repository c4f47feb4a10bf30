import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder of class files, and what others can see of them.
///
/// @param place where it is
record ClassFolder(Path place) implements AutoCloseable {
  /// An empty folder beside this one, which goes when it is closed.
  ClassFolder beside() throws IOException {
    ClassFolder fresh = new ClassFolder(place.resolveSibling("fresh"));
    fresh.close();
    Files.createDirectories(fresh.place);
    return fresh;
  }

  /// Takes another's place and files.
  void become(ClassFolder fresh) throws IOException {
    close();
    Files.move(fresh.place, place);
  }

  /// A name of what other modules can see of it: equal names are equal APIs.
  String api() throws IOException {
    List<ClassModel> models = new ArrayList<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        models.add(ClassFile.of().parse(file));
      }
    }
    return Hash.of(ClassApi.text(models));
  }

  /// Deletes it.
  @Override
  public void close() throws IOException {
    if (!Files.exists(place)) {
      return;
    }
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
