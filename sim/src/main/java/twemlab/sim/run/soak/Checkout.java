package twemlab.sim.run.soak;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The checkout that this program was built in: results and corpora have their places there,
/// wherever the command was called.
public final class Checkout {
  private Checkout() {}

  /// The folder that holds the launcher.
  ///
  /// @throws IllegalStateException when the program was taken out of its checkout
  public static Path root() {
    Path program;
    try {
      program = Path.of(Checkout.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    for (Path folder = program; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("twemlab"))) {
        return folder;
      }
    }
    throw new IllegalStateException(program + " is not in a checkout of Twemlab");
  }
}
