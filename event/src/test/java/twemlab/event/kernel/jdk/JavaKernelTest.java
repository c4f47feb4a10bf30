package twemlab.event.kernel.jdk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Transports;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;

/// The kernel of the Java library alone.
final class JavaKernelTest {
  private final JavaKernel kernel = new JavaKernel();

  @Test
  void itHasOneBackend() {
    assertThat(Backends.on(kernel)).isEqualTo(List.of(Transports.NIO));
    assertThat(Backends.working(kernel)).isEqualTo(List.of(Transports.NIO));
    assertThat(kernel.process()).isEmpty();
  }

  @Test
  void memoryIsZeroedAndGivenBack() {
    MemorySegment first = kernel.memory().map(1 << 20);
    MemorySegment second = kernel.memory().map(4096);
    assertThat(first.byteSize()).isEqualTo(1 << 20);
    assertThat(first.mismatch(MemorySegment.ofArray(new byte[1 << 20]))).isEqualTo(-1);
    kernel.memory().unmap(first);
    assertThatThrownBy(() -> first.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> kernel.memory().unmap(first))
        .isInstanceOf(IllegalStateException.class);
    second.set(JAVA_BYTE, 4095, (byte) 1);
    kernel.memory().unmap(second);
  }

  /// A loop is built on one thread and runs on another.
  @Test
  void memoryBelongsToNoThread() throws InterruptedException {
    MemorySegment segment = kernel.memory().map(64);
    Thread.ofPlatform().start(() -> segment.set(JAVA_BYTE, 0, (byte) 7)).join();
    assertThat(segment.get(JAVA_BYTE, 0)).isEqualTo((byte) 7);
    Thread.ofPlatform().start(() -> kernel.memory().unmap(segment)).join();
    assertThat(segment.scope().isAlive()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0600, rw-------", "0754, rwxr-xr--", "0001, --------x", "0777, rwxrwxrwx"})
  void modesOfFiles(String mode, String permissions, @TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("socket"));
    assertThat(kernel.sockets().chmod(file.toString(), Integer.parseInt(mode, 8))).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(permissions);
    assertThat(kernel.sockets().unlink(file.toString())).isZero();
    assertThat(file).doesNotExist();
    assertThat(kernel.sockets().unlink(file.toString())).isEqualTo(Errno.ENOENT.result());
    assertThat(kernel.sockets().chmod(file.toString(), 1)).isEqualTo(Errno.ENOENT.result());
  }

  @Test
  void descriptorsAreAProgrammingError() {
    assertThatThrownBy(() -> kernel.sockets().socket(Platform.AF_INET))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("native access");
  }
}
