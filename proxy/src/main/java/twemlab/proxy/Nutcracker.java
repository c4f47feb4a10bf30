package twemlab.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import twemlab.event.EventBases;
import twemlab.event.Kernels;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.cli.NutcrackerInfo;
import twemlab.proxy.cli.NutcrackerOptions;
import twemlab.proxy.cli.NutcrackerTexts;
import twemlab.proxy.cli.UsageException;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.log.LogSink;
import twemlab.proxy.stats.StatsHeader;

/// The command `nutcracker`, and `twemlab proxy`; C counterpart nc.c.
public final class Nutcracker {
  private Nutcracker() {}

  /// Runs the proxy until it is killed.
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    List<String> backends;
    try (Kernel kernel = Kernels.host()) {
      backends = EventBases.on(kernel).stream().map(EventBases::backend).toList();
    }
    NutcrackerOptions options;
    try {
      options = NutcrackerOptions.parse(arguments, backends);
    } catch (UsageException e) {
      return print(NutcrackerInfo.misuse(e));
    }
    return switch (options.action()) {
      case INFORM -> print(NutcrackerInfo.inform(options));
      case TEST_CONF -> print(NutcrackerInfo.testConf(options, Nutcracker::resolves));
      case RUN -> serve(options);
    };
  }

  private static int print(NutcrackerInfo info) {
    System.err.print(info.text());
    return info.exitCode();
  }

  private static boolean resolves(Endpoint.Inet endpoint) {
    return resolve(endpoint.host(), endpoint.port()) != null;
  }

  private static Address resolve(String host, int port) {
    try (Kernel kernel = Kernels.host()) {
      var answer = new BlockingAnswer();
      kernel.resolver().resolve(host, port, answer);
      return answer.await();
    }
  }

  private static int serve(NutcrackerOptions options) {
    try (Log log = openLog(options)) {
      Conf conf = ConfFile.read(Path.of(options.confFile()), Nutcracker::resolves);
      return serve(options, conf, log);
    } catch (IOException e) {
      System.err.println(
          "nutcracker: opening log file '"
              + options.logFile().orElse("")
              + "' failed: "
              + reason(e));
    } catch (ConfException e) {
      System.err.print(NutcrackerInfo.invalid(e, options.confFile()));
    } catch (Transport.ListenException e) {
      System.err.println("nutcracker: cannot " + e.getMessage());
    }
    return 1;
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }

  private static Log openLog(NutcrackerOptions options) throws IOException {
    LogSink sink =
        options.logFile().isPresent() ? LogSink.file(options.logFile().get()) : LogSink.stderr();
    return new Log(sink, LogLevel.of(options.logLevel()), InstantSource.system());
  }

  private static int serve(NutcrackerOptions options, Conf conf, Log log)
      throws Transport.ListenException {
    Kernel kernel = Kernels.host();
    EventBases base = EventBases.byName(kernel, options.backend()).orElseThrow();
    log.always(NutcrackerTexts.startLine(ProcessHandle.current().pid()));
    log.always(NutcrackerTexts.RUN_LINE);
    var settings = new Context.Settings(options.mbufSize(), System.nanoTime(), Integer.MAX_VALUE);
    try (Instance instance =
            Instance.open(kernel, base, options.statsIntervalMillis(), conf, settings, log);
        StatsServer stats = openStats(options, base, instance);
        LoopThread statsThread = LoopThread.start(stats.loop(), "stats")) {
      return serve(instance, statsThread, log);
    }
  }

  private static int serve(Instance instance, LoopThread statsThread, Log log) {
    while (statsThread.failure() == null) {
      instance.loop().runOnce();
    }
    log.error("the stats thread failed: " + statsThread.failure());
    return 1;
  }

  private static StatsServer openStats(
      NutcrackerOptions options, EventBases base, Instance instance)
      throws Transport.ListenException {
    Address address = resolve(options.statsAddr(), options.statsPort());
    if (address == null) {
      throw new Transport.ListenException(
          "resolve", new Address.Unix(options.statsAddr()), Errno.EHOSTDOWN);
    }
    Supplier<StatsHeader> header = header(hostName(), System.currentTimeMillis());
    return StatsServer.open(Kernels.host(), base, address, instance.context().stats(), header);
  }

  private static Supplier<StatsHeader> header(String host, long startMillis) {
    return () -> {
      long now = System.currentTimeMillis();
      return new StatsHeader(
          "nutcracker", host, NutcrackerTexts.VERSION, (now - startMillis) / 1000, now / 1000);
    };
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
