package twemlab.sim.run;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import twemlab.proxy.trace.EventNames;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Trace;

/// A trace as text: one line for each step, and the column is the actor. Clients stand to the left
/// of the proxy, servers to the right, as their bytes travel.
///
/// ```text
///         ms  pool1-client1     proxy              pool1-server1
///   0.071204  ~ 36 bytes
///   0.072500                    read 8 = 36
///   0.091320                                       < 36 bytes
/// ```
///
/// With many clients or servers, one column stands for all of them, and each step begins with the
/// actor's number.
public final class TraceColumns {
  private static final int WIDTH = 24;
  private static final int COLUMNS_MAX = 4;

  /// Not kevent(2) and io_uring_enter(2): they answer 0 also when they were given work.
  private static final Set<Trace.Kind> WAITS =
      EnumSet.of(Trace.Kind.EPOLL_WAIT, Trace.Kind.POLL, Trace.Kind.SELECT, Trace.Kind.PORT_GETN);

  private final List<String> columns = new ArrayList<>();

  public TraceColumns(SwarmSettings settings) {
    add(settings, "client");
    columns.add("proxy");
    add(settings, "server");
  }

  private void add(SwarmSettings settings, String kind) {
    List<String> names = new ArrayList<>();
    for (SwarmSettings.Pool pool : settings.pools()) {
      int count = kind.equals("client") ? pool.clients() : pool.conf().servers().size();
      for (int i = 1; i <= count; i++) {
        names.add(pool.conf().name() + "-" + kind + i);
      }
    }
    columns.addAll(names.size() <= COLUMNS_MAX ? names : List.of(kind + "s"));
  }

  /// The line above the first step.
  public String head() {
    StringBuilder line = new StringBuilder("%12s  ".formatted("ms"));
    columns.forEach(column -> line.append(("%-" + WIDTH + "s").formatted(column)));
    return line.toString().stripTrailing();
  }

  /// The line of a step.
  public String line(Trace.Step step) {
    int column = columns.indexOf(step.actor());
    String text = text(step);
    if (column < 0) {
      boolean client = step.actor().matches(".*(client|probe|hostile).*");
      column = columns.indexOf(client ? "clients" : "servers");
      String number = step.actor().replaceAll("^.*?(\\d*)$", "$1");
      text = column < 0 ? step.actor() + ": " + text : number + ": " + text;
      column = column < 0 ? columns.indexOf("proxy") : column;
    }
    return String.format(
        Locale.ROOT, "%12.6f  %s%s", step.time() / 1e6, " ".repeat(WIDTH * column), text);
  }

  /// Whether a step is a wait that ended because its time was over, and nothing else.
  static boolean isIdleWait(Trace.Step step) {
    return WAITS.contains(step.kind()) && step.result() == 0;
  }

  private static String text(Trace.Step step) {
    String call = step.kind().name().toLowerCase(Locale.ROOT);
    return switch (step.kind()) {
      case SEGMENT -> "> " + step.bytes() + " bytes";
      case FIN -> "> end";
      case RESET -> "> reset";
      case CONNECTED -> step.result() == 0 ? "connected" : "connect failed " + step.result();
      case ACTOR -> step.result() == 0 ? "is connected" : "lost it: " + step.result();
      case FAULT -> "" + twemlab.sim.world.Fault.values()[(int) step.result()];
      case EPOLL_CTL ->
          "%s %s %d%s = %d"
              .formatted(
                  call,
                  EventNames.operation((int) step.bytes()),
                  step.descriptor(),
                  step.mask() == 0 ? "" : " " + EventNames.mask(step.mask()),
                  step.result());
      case PORT_ASSOCIATE ->
          "%s %d %s = %d"
              .formatted(
                  call, step.descriptor(), EventNames.mask((int) step.bytes()), step.result());
      default ->
          call + (step.descriptor() < 0 ? "" : " " + step.descriptor()) + " = " + step.result();
    };
  }
}
