package twemlab.event.behaviour;

import java.util.List;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;

/// A kernel on which the behaviour suite runs: the real one, or a simulated one.
public interface KernelUnderTest {
  /// A fresh kernel for one test.
  Kernel open();

  /// A path for a unix socket that nobody else uses and that fits `sun_path`.
  String unixPath();

  /// The address families that it has.
  default List<Family> families() {
    return List.of(Family.values());
  }

  /// Kinds of stream sockets.
  enum Family {
    /// TCP over 127.0.0.1.
    TCP,
    /// Unix sockets with a path.
    UNIX
  }

  /// Where to listen; the kernel chooses the port.
  default Address address(Family family) {
    return family == Family.TCP ? Address.loopback(0) : new Address.Unix(unixPath());
  }
}
