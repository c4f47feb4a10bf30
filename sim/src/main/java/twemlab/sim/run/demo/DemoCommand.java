package twemlab.sim.run.demo;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import twemlab.event.Transport;
import twemlab.event.kernel.Errno;
import twemlab.proxy.tool.Launch;
import twemlab.sim.run.Progress;
import twemlab.sim.workload.WireProtocol;

/// `twemlab demo`: the proxy at work on any machine, no server needed.
@Command(
    name = "twemlab demo",
    mixinStandardHelpOptions = true,
    version = "twemlab 0.1.0",
    description = {
      "Starts embedded redis and memcached servers and the proxy before them, sends traffic of both"
          + " protocols, checks every reply, and shows what the loop did.",
      "Then it serves until Ctrl-C. Exit code 1 if a reply was wrong or missing."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int CLIENTS = 10;
  private static final int PORT_BASE_MAX = 65535 - 101;
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final long LOOK_MILLIS = 20;

  @Spec private CommandSpec spec;

  @Option(names = "--once", description = "ends after the traffic")
  private boolean once;

  @Option(
      names = "--port-base",
      paramLabel = "N",
      defaultValue = "22121",
      description =
          "redis on port N, memcached on N + 1, statistics on N + 101 (default: ${DEFAULT-VALUE})")
  private int portBase;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "100000",
      description = "how much traffic (default: ${DEFAULT-VALUE})")
  private long requests;

  /// Runs the command over the standard streams and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Launch.run(new DemoCommand(), out, err, arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    check("--port-base", portBase, PORT_BASE_MAX);
    check("--requests", requests, Long.MAX_VALUE);
    try (Demo demo = Demo.start(portBase)) {
      boolean right = traffic(demo);
      if (!once) {
        invite();
        return complain("the proxy stopped: " + demo.serve());
      }
      return right ? 0 : 1;
    } catch (Transport.ListenException e) {
      String advice = "; --port-base N moves the demo's three ports (now " + ports() + ")";
      return complain("cannot " + e.getMessage() + (e.errno() == Errno.EADDRINUSE ? advice : ""));
    }
  }

  private void check(String option, long value, long most) {
    if (value < 1 || value > most) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + " " + value + "; accepted: 1 to " + most);
    }
  }

  private String ports() {
    return portBase + ", " + (portBase + 1) + ", " + Demo.statsPort(portBase);
  }

  private int complain(String what) {
    spec.commandLine().getErr().println("twemlab demo: " + what);
    return 1;
  }

  /// Sends the traffic and prints the table.
  ///
  /// @return whether every reply came and was right
  private boolean traffic(Demo demo) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d redis and %d memcached clients, the proxy on 127.0.0.1:%d and :%d, %d servers behind"
            + " each%n%n",
        CLIENTS, CLIENTS, portBase, portBase + 1, Demo.SERVERS);
    long start = System.nanoTime();
    try (DemoTraffic traffic = DemoTraffic.start(demo.proxies(), CLIENTS, requests)) {
      String problem = watch(demo, traffic);
      if (problem != null) {
        complain(problem);
        return false;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Map<WireProtocol, Tally> tallies = new EnumMap<>(WireProtocol.class);
      for (WireProtocol protocol : demo.proxies().keySet()) {
        tallies.put(protocol, traffic.tally(protocol));
      }
      new DemoReport(out, demo.counts(), tallies).print(seconds);
      return tallies.values().stream().filter(this::wrong).count() == 0;
    }
  }

  /// Waits for the end of the traffic.
  ///
  /// @return why it did not come, or null
  private String watch(Demo demo, DemoTraffic traffic) throws InterruptedException {
    long done = 0;
    long changed = System.nanoTime();
    try (Progress progress = new Progress("requests")) {
      while (traffic.running()) {
        progress.show(traffic.completedCount(), requests);
        Thread.sleep(LOOK_MILLIS);
        if (traffic.completedCount() != done) {
          done = traffic.completedCount();
          changed = System.nanoTime();
        } else if (System.nanoTime() - changed > PATIENCE_NANOS) {
          return "no reply for 30 s, after " + done + " of " + requests + " requests";
        }
        if (demo.failure() != null || traffic.failure() != null) {
          return "a loop failed: " + (demo.failure() != null ? demo.failure() : traffic.failure());
        }
      }
    }
    return null;
  }

  private boolean wrong(Tally tally) {
    if (tally.wrong > 0) {
      complain(tally.wrong + " wrong; the first: " + tally.firstWrong);
    }
    return tally.wrong > 0;
  }

  private void invite() {
    PrintWriter out = spec.commandLine().getOut();
    out.println();
    out.println("Serving until Ctrl-C. Try:");
    out.println("  redis-cli -p " + portBase + " set key value");
    out.println("  printf 'get key\\r\\nquit\\r\\n' | nc 127.0.0.1 " + (portBase + 1));
    out.println("  nc 127.0.0.1 " + Demo.statsPort(portBase));
  }
}
