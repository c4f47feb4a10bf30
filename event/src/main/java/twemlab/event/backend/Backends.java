package twemlab.event.backend;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import twemlab.event.kernel.Kernel;
import twemlab.event.uring.UringRing;

/// The table of all backends, the preferred one first.
public final class Backends {
  private Backends() {}

  /// Every backend that there is code for.
  public static List<Backend> all() {
    return Stream.<Backend>concat(Stream.of(EventBases.values()), Stream.of(Transports.values()))
        .toList();
  }

  /// Those that a kernel has.
  public static List<Backend> on(Kernel kernel) {
    return all().stream().filter(backend -> backend.availableOn(kernel)).toList();
  }

  /// Those of them that work: a system may have io_uring and forbid it.
  public static List<Backend> working(Kernel kernel) {
    boolean uring =
        kernel.uring().map(calls -> UringRing.supported(calls, kernel.memory())).orElse(false);
    return on(kernel).stream().filter(backend -> uring || !usesUring(backend)).toList();
  }

  private static boolean usesUring(Backend backend) {
    return backend == EventBases.IO_URING_POLL || backend == Transports.IO_URING;
  }

  /// The one of a name, if a kernel has it.
  public static Optional<Backend> byName(Kernel kernel, String name) {
    return on(kernel).stream().filter(backend -> backend.backend().equals(name)).findFirst();
  }
}
