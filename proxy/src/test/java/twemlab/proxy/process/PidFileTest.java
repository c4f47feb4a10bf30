package twemlab.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose file it is.
class PidFileTest {
  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("pid");
  }

  @Test
  void isWrittenAndRemoved() throws IOException {
    try (PidFile _ = PidFile.create(file().toString(), 123)) {
      assertThat(file()).hasContent("123");
    }
    assertThat(file()).doesNotExist();
  }

  /// It may be all that this user may write there.
  @Test
  void aFileThatIsThereIsWrittenOverInItsPlace() throws IOException {
    Files.writeString(file(), "1234567");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
    Object key = Files.getAttribute(file(), "unix:ino");
    try (PidFile _ = PidFile.create(file().toString(), 99)) {
      assertThat(file()).hasContent("99");
      assertThat(Files.getAttribute(file(), "unix:ino")).isEqualTo(key);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void whatALaterProxyWroteOverStays() throws IOException {
    try (PidFile _ = PidFile.create(file().toString(), 100)) {
      try (PidFile _ = PidFile.create(file().toString(), 200)) {
        assertThat(file()).hasContent("200");
        Files.writeString(file(), "300");
      }
      assertThat(file()).hasContent("300");
    }
    assertThat(file()).hasContent("300");
  }

  /// Even with the same number in it, as in two containers that share the directory.
  @Test
  void whatALaterProxyMadeAnewStays() throws IOException {
    PidFile old = PidFile.create(file().toString(), 7);
    Files.move(file(), directory.resolve("moved"));
    PidFile young = PidFile.create(file().toString(), 7);
    old.close();
    assertThat(file()).hasContent("7");
    young.close();
    assertThat(file()).doesNotExist();
    assertThat(directory.resolve("moved")).exists();
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "data");
    for (Path target : new Path[] {precious, directory.resolve("absent")}) {
      Files.createSymbolicLink(file(), target);
      assertThatThrownBy(() -> PidFile.create(file().toString(), 1))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is a symbolic link");
      assertThat(Files.exists(file(), LinkOption.NOFOLLOW_LINKS)).isTrue();
      Files.delete(file());
    }
    assertThat(precious).hasContent("data");
    assertThat(directory.resolve("absent")).doesNotExist();
  }

  /// Nor does a pipe that nobody reads keep the start waiting.
  @Test
  void whatIsNoFileIsRefused() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor()).isZero();
    for (String name : new String[] {directory.toString(), file().toString(), "/dev/null"}) {
      assertThatThrownBy(() -> PidFile.create(name, 1))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is no regular file");
    }
    assertThat(Files.exists(file())).isTrue();
  }
}
