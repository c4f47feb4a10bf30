package twemlab.proxy.process;

import java.util.List;
import java.util.function.Supplier;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.FaultyKernel;
import twemlab.proxy.cli.NutcrackerOptions;
import twemlab.proxy.cli.UsageException;

/// The command `nutcracker` whose loop fails when it has run for a while, in the way that the
/// environment names.
final class FailingProxy {
  private FailingProxy() {}

  private static Throwable failure() {
    return switch (System.getenv("FAILURE")) {
      case "memory" -> new OutOfMemoryError("Java heap space");
      case "check" -> new IllegalStateException("a message was released twice");
      default -> new IndexOutOfBoundsException("in the loop itself");
    };
  }

  static void main(String[] arguments) throws UsageException {
    List<String> backends;
    try (Kernel kernel = Kernels.host()) {
      backends = Backends.on(kernel).stream().map(Backend::backend).toList();
    }
    NutcrackerOptions options = NutcrackerOptions.parse(List.of(arguments), backends);
    if (options.daemonize() && !Daemon.isChild()) {
      try {
        System.exit(Daemon.spawn());
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    Supplier<FaultyKernel> kernel = () -> new FaultyKernel(Kernels.host());
    System.exit(
        new ProxyProcess(
                options,
                _ -> {
                  FaultyKernel faulty = kernel.get();
                  faulty.failDate(
                      () -> {
                        faulty.failLoop(FailingProxy::failure);
                        return new IndexOutOfBoundsException("only this client's");
                      });
                  return faulty;
                })
            .run());
  }
}
