package twemlab.proxy.process;

import java.io.IOException;
import java.util.List;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.BlockingAnswer;
import twemlab.proxy.cli.NutcrackerInfo;
import twemlab.proxy.cli.NutcrackerOptions;
import twemlab.proxy.cli.UsageException;
import twemlab.proxy.conf.Endpoint;

/// The command `nutcracker`, and `twemlab proxy`; C counterpart nc.c.
public final class Nutcracker {
  private Nutcracker() {}

  /// Runs the proxy until it is killed.
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  static int run(List<String> arguments) {
    List<String> backends;
    try (Kernel kernel = Kernels.host()) {
      backends = Backends.on(kernel).stream().map(Backend::backend).toList();
    }
    NutcrackerOptions options;
    try {
      options = NutcrackerOptions.parse(arguments, backends);
    } catch (UsageException e) {
      return print(NutcrackerInfo.misuse(e));
    }
    return switch (options.action()) {
      case INFORM -> print(NutcrackerInfo.inform(options));
      case TEST_CONF -> testConf(options);
      case RUN ->
          options.daemonize() && !Daemon.isChild() ? spawn() : new ProxyProcess(options).run();
    };
  }

  private static int testConf(NutcrackerOptions options) {
    try (Kernel kernel = Kernels.host()) {
      int descriptors = ProxyProcess.descriptorLimit(kernel);
      return print(NutcrackerInfo.testConf(options, Nutcracker::resolves, descriptors));
    }
  }

  private static int print(NutcrackerInfo info) {
    System.err.print(info.text());
    return info.exitCode();
  }

  static boolean resolves(Endpoint.Inet endpoint) {
    return resolve(endpoint.host(), endpoint.port()) != null;
  }

  static Address resolve(String host, int port) {
    try (Kernel kernel = Kernels.host()) {
      var answer = new BlockingAnswer();
      kernel.resolver().resolve(host, port, answer);
      return answer.await();
    }
  }

  private static int spawn() {
    try (Kernel kernel = Kernels.host()) {
      if (kernel.process().isEmpty()) {
        System.err.println("nutcracker: -d needs native access (--enable-native-access)");
        return 1;
      }
      return Daemon.spawn();
    } catch (IOException e) {
      System.err.println("nutcracker: cannot start the daemon: " + e.getMessage());
      return 1;
    }
  }
}
