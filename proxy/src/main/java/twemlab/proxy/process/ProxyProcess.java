package twemlab.proxy.process;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;
import twemlab.event.backend.Transports;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.ProcessCalls;
import twemlab.proxy.Context;
import twemlab.proxy.cli.NutcrackerInfo;
import twemlab.proxy.cli.NutcrackerOptions;
import twemlab.proxy.cli.NutcrackerTexts;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.conf.DescriptorNeeds;
import twemlab.proxy.log.FileErrors;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.log.LogSink;
import twemlab.proxy.log.StackLines;
import twemlab.proxy.message.MemoryLimits;
import twemlab.proxy.stats.StatsHeader;
import twemlab.proxy.stats.StatsServer;
import twemlab.proxy.stats.StatsThread;

/// One run of the proxy, from its options to its exit code; C counterparts `nc_pre_run`, `nc_run`,
/// `nc_post_run` (nc.c).
final class ProxyProcess {
  private final NutcrackerOptions options;

  /// Where it is said why the start failed: a daemon's goes to who started it.
  private final PrintStream errors;

  /// Whether this is the second JVM of `-d`. The variable that says so may be there by accident, so
  /// it counts with the option only.
  private final boolean daemon;

  /// Gives the kernel of a backend; a test hands in one that fails.
  private final Function<Backend, Kernel> kernels;

  ProxyProcess(NutcrackerOptions options) {
    this(options, Kernels::host);
  }

  ProxyProcess(NutcrackerOptions options, Function<Backend, Kernel> kernels) {
    this.options = options;
    this.kernels = kernels;
    this.daemon = options.daemonize() && Daemon.isChild();
    this.errors = daemon ? Daemon.report() : System.err;
  }

  /// Serves until a signal asks for the end.
  ///
  /// @return the exit code: 0 after an orderly end, else 1
  int run() {
    if (daemon) {
      Daemon.detach();
    }
    try (Log log = openLog()) {
      Thread.setDefaultUncaughtExceptionHandler(
          (thread, e) -> StackLines.print(log, "thread '" + thread.getName() + "' failed", e));
      return run(log);
    } catch (IOException e) {
      errors.println("nutcracker: " + e.getMessage());
      return 1;
    }
  }

  private Log openLog() throws IOException {
    LogSink sink = LogSink.stderr();
    if (options.logFile().isPresent()) {
      String file = options.logFile().get();
      try {
        sink = LogSink.file(file);
      } catch (IOException e) {
        throw new IOException("opening log file '" + file + "' failed: " + FileErrors.text(e), e);
      }
    }
    return new Log(sink, LogLevel.of(options.logLevel()), InstantSource.system());
  }

  private int run(Log log) {
    long pid = ProcessHandle.current().pid();
    log.always(NutcrackerTexts.startLine(pid));
    log.always(NutcrackerTexts.RUN_LINE);
    var lastWords = new LastWords(log, options.logFile().isPresent() ? errors : null);
    try {
      Conf conf = ConfFile.read(Path.of(options.confFile()), Nutcracker::resolves);
      return serve(conf, log, lastWords);
    } catch (ConfException e) {
      if (options.logFile().isPresent()) {
        log.error(e.reason());
      }
      errors.print(NutcrackerInfo.invalid(e, options.confFile()));
    } catch (Transport.ListenException e) {
      failed("cannot " + e.getMessage(), log);
    } catch (IOException e) {
      failed(e.getMessage(), log);
    } catch (RuntimeException | Error e) {
      // Everything is closed, as far as it could be, and what was ours is removed.
      lastWords.reason(e);
    }
    return 1;
  }

  /// Says why the start failed: in the log, and to who started it if the log is elsewhere.
  private void failed(String reason, Log log) {
    log.error(reason);
    if (options.logFile().isPresent() || daemon) {
      errors.println("nutcracker: " + reason);
    }
  }

  private PidFile createPidFile(long pid) throws IOException {
    String file = options.pidFile().orElseThrow();
    try {
      return PidFile.create(file, pid);
    } catch (IOException e) {
      throw new IOException("opening pid file '" + file + "' failed: " + FileErrors.text(e), e);
    }
  }

  private int serve(Conf conf, Log log, LastWords lastWords)
      throws IOException, Transport.ListenException {
    Kernel host = Kernels.host();
    Backend backend = Backends.byName(host, options.backend()).orElseThrow();
    var settings =
        new Context.Settings(
            options.mbufSize(), System.nanoTime(), clientLimit(host, conf, log), memory(log));
    try (ProxyTrace trace = openTrace(backend, conf, log);
        Instance instance = open(kernel(backend, trace), backend, conf, settings, log);
        StatsThread _ = StatsThread.start(() -> openStats(instance, backend), log)) {
      // Before there is anything that a signal would leave behind.
      var shutdown = new Shutdown(instance.loop(), log);
      shutdown.install();
      try (PidFile pidFile = listen(instance)) {
        if (pidFile != null) {
          shutdown.beforeHalt(pidFile::close);
        }
        if (trace != null) {
          trace.started(instance);
        }
        return serve(instance, shutdown, log, lastWords);
      }
    }
  }

  /// Takes what others may have, last: the names of unix sockets after every port, the pid file
  /// after all. So a start that fails leaves them to the proxy that runs.
  private PidFile listen(Instance instance) throws IOException, Transport.ListenException {
    instance.context().start();
    return options.pidFile().isPresent() ? createPidFile(ProcessHandle.current().pid()) : null;
  }

  /// What the option allows, as far as this JVM's heap goes with it.
  private MemoryLimits memory(Log log) {
    long heap = Runtime.getRuntime().maxMemory();
    long wanted = options.memoryBytes();
    var limits = MemoryLimits.of(wanted, options.mbufSize(), heap);
    log.debug(
        LogLevel.NOTICE,
        "max memory "
            + (long) limits.mbufs() * options.mbufSize()
            + " max messages "
            + limits.messages());
    long enough = MemoryLimits.heapFor(wanted);
    if (heap < enough / 10 * 9) {
      log.warn(
          "a heap of "
              + (heap >> 20)
              + " MiB is little for --memory "
              + (wanted >> 20)
              + "m: fewer messages may be outstanding than with -Xmx"
              + (enough >> 20)
              + "m");
    }
    return limits;
  }

  /// Null unless a trace was asked for: then there is nothing of it.
  private ProxyTrace openTrace(Backend backend, Conf conf, Log log) throws IOException {
    if (options.trace().isEmpty()) {
      return null;
    }
    String file = options.trace().get();
    if (backend == Transports.NIO) {
      throw new IOException(
          "--trace "
              + file
              + ": nio makes its system calls unseen; any other"
              + " --backend can be traced");
    }
    try {
      return ProxyTrace.create(Path.of(file), backend, conf, log);
    } catch (IOException e) {
      throw new IOException("opening trace '" + file + "' failed: " + FileErrors.text(e), e);
    }
  }

  private Kernel kernel(Backend backend, ProxyTrace trace) {
    Kernel kernel = kernels.apply(backend);
    return trace == null ? kernel : trace.around(kernel);
  }

  /// A backend that turns out not to work (io_uring may be switched off, or be too old) is replaced
  /// by the usual one.
  private Instance open(
      Kernel kernel, Backend backend, Conf conf, Context.Settings settings, Log log) {
    int wait = options.statsIntervalMillis();
    try {
      return Instance.build(kernel, backend, wait, conf, settings, log);
    } catch (UnsupportedOperationException e) {
      Backend usual = Backends.on(kernel).getFirst();
      log.always(
          "no " + backend.backend() + " here (" + e.getMessage() + "): using " + usual.backend());
      return Instance.build(kernel, usual, wait, conf, settings, log);
    }
  }

  /// The descriptors that this process may have; [Integer#MAX_VALUE] if unknown.
  static int descriptorLimit(Kernel kernel) {
    return kernel.process().map(ProcessCalls::descriptorLimit).orElse(Integer.MAX_VALUE);
  }

  /// The descriptors that servers, listeners and the process itself leave to clients; C counterpart
  /// `core_calc_connections`, whose unsigned difference can wrap around to no limit at all.
  ///
  /// @throws IOException if none are left
  private static int clientLimit(Kernel kernel, Conf conf, Log log) throws IOException {
    int limit = descriptorLimit(kernel);
    var needs = DescriptorNeeds.of(conf);
    long clients = limit - needs.total();
    log.debug(
        LogLevel.NOTICE,
        "max fds "
            + limit
            + " max client conns "
            + Math.max(clients, 0)
            + " max server conns "
            + needs.servers());
    if (clients <= 0) {
      throw new IOException(needs.refusal(limit));
    }
    return (int) clients;
  }

  /// Runs turns until a signal asks for the end, and then those of the orderly end.
  private int serve(Instance instance, Shutdown shutdown, Log log, LastWords lastWords) {
    if (daemon) {
      Daemon.listening();
    }
    // tag::serve-loop[]
    try {
      while (!shutdown.asked()) {
        instance.loop().runOnce();
      }
      return end(instance, log);
    } catch (RuntimeException | Error e) {
      // No connection's: the loop's own state is in doubt (see Containment).
      lastWords.stack(e);
      throw e;
    }
    // end::serve-loop[]
  }

  private int end(Instance instance, Log log) {
    Drain drain = new Drain(instance.context(), options.drainTimeoutSeconds() * 1_000_000_000L);
    while (!drain.over()) {
      drain.turn();
    }
    if (!drain.complete()) {
      log.error("the time of the orderly end was over before everything was answered");
    }
    log.always(NutcrackerTexts.DONE_LINE);
    return drain.complete() ? 0 : 1;
  }

  /// The statistics' own loop waits in the usual way, but makes no system calls when the proxy is
  /// asked to make none.
  private StatsServer openStats(Instance instance, Backend proxys)
      throws Transport.ListenException {
    Address address = Nutcracker.resolve(options.statsAddr(), options.statsPort());
    if (address == null) {
      throw new Transport.ListenException(
          "resolve", new Address.Unix(options.statsAddr()), Errno.EHOSTDOWN);
    }
    Supplier<StatsHeader> header = header(hostName(), System.currentTimeMillis());
    Backend backend = proxys == Transports.NIO ? proxys : Backends.on(Kernels.host()).getFirst();
    Kernel kernel = Kernels.host(backend);
    return StatsServer.open(kernel, backend, address, instance.context().stats(), header);
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
