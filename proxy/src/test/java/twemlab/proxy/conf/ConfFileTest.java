package twemlab.proxy.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reading from the file system, and the sample file of the project.
final class ConfFileTest {
  private static final String TEXT = "p:\n  listen: a:1\n  servers:\n   - h:1:1 né\n";

  @TempDir private Path folder;

  private ConfException refused(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    return catchThrowableOfType(ConfException.class, () -> ConfFile.read(file));
  }

  @Test
  void readsUtf8AndUtf16() throws Exception {
    assertReadable(TEXT.getBytes(StandardCharsets.UTF_8));
    String marked = "\ufeff" + TEXT;
    assertReadable(marked.getBytes(StandardCharsets.UTF_8));
    assertReadable(marked.getBytes(StandardCharsets.UTF_16BE));
    assertReadable(marked.getBytes(StandardCharsets.UTF_16LE));
  }

  private void assertReadable(byte[] bytes) throws Exception {
    Path file = Files.write(folder.resolve("x.yml"), bytes);
    assertThat(ConfFile.read(file).pools().getFirst().servers().getFirst().name()).isEqualTo("né");
  }

  @Test
  void namesTheByteThatIsNoUtf8() throws IOException {
    byte[] bytes = TEXT.replace("né", "\u0001").getBytes(StandardCharsets.UTF_8);
    ConfException control = refused("control.yml", bytes);
    assertThat(control.reason()).isEqualTo("conf: failed (err 2) to get the next yaml document");
    assertThat(control.detail()).contains("control.yml:4:12: ", "U+0001");
    bytes[TEXT.indexOf("né")] = (byte) 0xff;
    ConfException invalid = refused("invalid.yml", bytes);
    assertThat(invalid.reason()).isEqualTo("conf: failed (err 2) to get the next yaml document");
    assertThat(invalid.detail()).contains("invalid.yml:4:12: ");
  }

  @Test
  void saysWhyAFileCannotBeRead() throws IOException {
    Path absent = folder.resolve("absent.yml");
    ConfException e = catchThrowableOfType(ConfException.class, () -> ConfFile.read(absent));
    assertThat(e.reason())
        .isEqualTo(
            "conf: failed to open configuration '" + absent + "': No such file or directory");
    assertThat(e.detail()).startsWith(absent + ": ");
    ConfException isFolder = catchThrowableOfType(ConfException.class, () -> ConfFile.read(folder));
    assertThat(isFolder.reason()).isEqualTo("conf: failed (err 2) to get the next yaml document");
    Path below = Files.writeString(folder.resolve("file"), "x").resolve("x.yml");
    ConfException notFolder = catchThrowableOfType(ConfException.class, () -> ConfFile.read(below));
    assertThat(notFolder.reason()).endsWith("Not a directory");
  }

  @Test
  void theSampleFileIsGood() throws ConfException {
    Conf conf = ConfFile.read(Path.of("../conf/nutcracker.yml"));
    assertThat(conf.pools()).extracting(PoolConf::name).contains("alpha", "beta");
    PoolConf alpha =
        conf.pools().stream().filter(p -> p.name().equals("alpha")).findFirst().orElseThrow();
    assertThat(alpha.redis()).isTrue();
    assertThat(alpha.listen().text()).isEqualTo("127.0.0.1:22121");
    assertThat(ConfWarnings.of(conf)).isEmpty();
  }

  @Test
  void warnsOfAServerWithoutPoints() throws ConfException {
    String text =
        """
        omega:
          listen: a:1
          servers:
           - h:1:100000 heavy
           - h:2:1 light
        sigma:
          listen: a:2
          distribution: modula
          servers:
           - h:1:100000 heavy
           - h:2:1 light
        """;
    assertThat(ConfWarnings.of(ConfFile.parse("FILE", text)))
        .singleElement()
        .asString()
        .contains("pool 'omega'", "server 'light'", "no points");
  }
}
