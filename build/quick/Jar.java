import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Puts folders into a jar. The JVM starts faster from it than from folders, and keeps an archive
/// only of what it loaded from jars.
final class Jar {
  private Jar() {}

  /// Writes a jar in one step: who runs on the old one keeps it.
  static void write(Path jar, List<Path> folders) throws IOException {
    Path fresh = jar.resolveSibling(jar.getFileName() + ".fresh");
    try (ZipOutputStream out =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh), 1 << 16))) {
      out.setLevel(Deflater.NO_COMPRESSION);
      for (Path folder : folders) {
        if (Files.isDirectory(folder)) {
          add(out, folder);
        }
      }
    }
    Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void add(ZipOutputStream out, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
