package twemlab.benchmarks.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.runner.options.TimeValue;
import twemlab.benchmarks.Effort;
import twemlab.benchmarks.ForwardingBenchmark;
import twemlab.benchmarks.ProxySuite;
import twemlab.benchmarks.compare.ProxyIdle;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;

/// Everything that a run of the suite measures.
///
/// @param items in the order of their running: those that matter most first
/// @param idleTargets of [ProxyIdle]: backends, or `nutcracker`
/// @param idle numbers of idle connections
/// @param limit of the whole run; what has not begun by then is left out
public record Plan(
    List<Item> items,
    List<String> idleTargets,
    List<Integer> idle,
    ProxyIdle.Effort idleEffort,
    TimeValue limit) {

  public static final String PAIRS = "pairs";
  public static final String ACTIVE = "active";

  private static final Effort QUICK_EFFORT = new Effort(1, 2, 2, TimeValue.milliseconds(120));
  private static final Effort FULL_EFFORT = new Effort(1, 3, 5, TimeValue.milliseconds(300));

  /// For the comparison that a claim stands on: three JVMs.
  private static final Effort PEER_EFFORT = new Effort(3, 3, 5, TimeValue.milliseconds(400));

  /// Small enough for select(2).
  private static final List<Integer> ONLY_PAIRS = List.of(1, 100, 400);

  private static final List<Mechanism> PEERS =
      List.of(Mechanism.EPOLL, Mechanism.NETTY_EPOLL, Mechanism.SELECTOR);
  private static final List<String> DOWNCALLS =
      List.of(
          "absPlain",
          "absErrno",
          "absCritical",
          "getppidPlain",
          "getppidErrno",
          "getppidCritical",
          "byteSeam",
          "byteNio");

  /// Less than two minutes.
  public static Plan quick() {
    List<Item> items = new ArrayList<>();
    chains(items, QUICK_EFFORT, Mechanism.Family.READINESS, List.of(1, 100, 1000), 1);
    chains(items, QUICK_EFFORT, Mechanism.Family.READINESS, List.of(1000), 100);
    chains(items, QUICK_EFFORT, Mechanism.Family.TRANSPORT, List.of(100), 1);
    chains(items, QUICK_EFFORT, Mechanism.Family.TRANSPORT, List.of(1000), 100);
    List<Mechanism> some =
        List.of(Mechanism.EPOLL, Mechanism.EPOLL_LEVEL, Mechanism.POLL, Mechanism.NETTY_EPOLL);
    churn(items, QUICK_EFFORT, some, InterestChurn.Change.OUTPUT);
    churn(items, QUICK_EFFORT, some, InterestChurn.Change.REGISTRATION);
    downcalls(items, QUICK_EFFORT);
    totals(items, QUICK_EFFORT, List.of(Mechanism.EPOLL, Mechanism.NETTY_EPOLL), List.of(1000));
    simulated(items, QUICK_EFFORT, List.of("epoll", "kqueue", "poll"));
    loopback(items, QUICK_EFFORT, List.of("epoll"));
    items.add(chain(Item.Section.AGAIN, QUICK_EFFORT, Mechanism.EPOLL, 1000, 1));
    items.add(chain(Item.Section.AGAIN, QUICK_EFFORT, Mechanism.EPOLL, 100, 1));
    return new Plan(
        items,
        List.of("epoll"),
        List.of(0, 1000),
        new ProxyIdle.Effort(1_000_000_000L, 500_000_000L),
        TimeValue.seconds(105));
  }

  /// One mechanism beside another, in less than twenty seconds; the first one twice.
  public static Plan only(Mechanism first, Mechanism second) {
    List<Item> items = new ArrayList<>();
    for (int pairs : ONLY_PAIRS) {
      items.add(chain(Item.Section.EVENTS, QUICK_EFFORT, first, pairs, 1));
      items.add(chain(Item.Section.EVENTS, QUICK_EFFORT, second, pairs, 1));
      items.add(chain(Item.Section.AGAIN, QUICK_EFFORT, first, pairs, 1));
    }
    ProxyIdle.Effort none = new ProxyIdle.Effort(1, 1);
    return new Plan(items, List.of(), List.of(), none, TimeValue.seconds(20));
  }

  /// Less than twenty minutes.
  public static Plan full() {
    List<Item> items = new ArrayList<>();
    for (Mechanism peer : PEERS) {
      for (int active : List.of(1, 100)) {
        items.add(chain(Item.Section.PEERS, PEER_EFFORT, peer, 1000, active));
      }
    }
    chains(
        items, FULL_EFFORT, Mechanism.Family.READINESS, List.of(1, 100, 400, 1000, 3000, 9000), 1);
    chains(items, FULL_EFFORT, Mechanism.Family.READINESS, List.of(100, 400, 1000, 9000), 100);
    chains(items, FULL_EFFORT, Mechanism.Family.READINESS, List.of(1000, 9000), 1000);
    chains(items, FULL_EFFORT, Mechanism.Family.TRANSPORT, List.of(100, 1000, 9000), 1);
    chains(items, FULL_EFFORT, Mechanism.Family.TRANSPORT, List.of(100, 1000, 9000), 100);
    for (InterestChurn.Change change : InterestChurn.Change.values()) {
      churn(items, FULL_EFFORT, Mechanism.of(Mechanism.Family.READINESS), change);
    }
    downcalls(items, FULL_EFFORT);
    simulated(items, FULL_EFFORT, SimRig.backends());
    List<String> backends =
        Backends.working(Kernels.host()).stream().map(Backend::backend).toList();
    loopback(items, FULL_EFFORT, backends);
    totals(
        items,
        FULL_EFFORT,
        List.of(
            Mechanism.EPOLL,
            Mechanism.POLL,
            Mechanism.IO_URING_POLL,
            Mechanism.SELECTOR,
            Mechanism.NETTY_EPOLL),
        List.of(100, 1000, 9000));
    List<String> targets = new ArrayList<>(backends);
    // Thousands of connections do not fit.
    targets.remove("select");
    targets.add("nutcracker");
    return new Plan(
        items,
        targets,
        List.of(0, 1000, 9000),
        new ProxyIdle.Effort(3_000_000_000L, 1_500_000_000L),
        TimeValue.seconds(1170));
  }

  private static void chains(
      List<Item> items, Effort effort, Mechanism.Family family, List<Integer> pairs, int active) {
    Item.Section section =
        family == Mechanism.Family.READINESS ? Item.Section.EVENTS : Item.Section.CHANNELS;
    for (Mechanism mechanism : Mechanism.of(family)) {
      for (int count : pairs) {
        items.add(chain(section, effort, mechanism, count, active));
      }
    }
  }

  public static Item chain(
      Item.Section section, Effort effort, Mechanism mechanism, int pairs, int active) {
    int events = PipeChain.events(active);
    return new Item(
        section,
        mechanism.title(),
        setting(PAIRS, pairs, ACTIVE, active),
        PipeChain.class,
        "run",
        parameters("mechanism", mechanism, "pairs", pairs, "active", active),
        events,
        effort,
        () -> mechanism.refusal(pairs),
        () -> {
          PipeChain benchmark = new PipeChain();
          benchmark.mechanism = mechanism;
          benchmark.pairs = pairs;
          benchmark.active = active;
          return Counted.perUnit(benchmark, events);
        });
  }

  public static void totals(
      List<Item> items, Effort effort, List<Mechanism> mechanisms, List<Integer> pairs) {
    for (Mechanism mechanism : mechanisms) {
      for (int count : pairs) {
        items.add(total(effort, mechanism, count, false));
        items.add(total(effort, mechanism, count, true));
      }
    }
  }

  private static Item total(Effort effort, Mechanism mechanism, int pairs, boolean timeouts) {
    return new Item(
        Item.Section.TOTAL,
        mechanism.title(),
        setting(PAIRS, pairs, "timeouts", timeouts ? 1 : 0),
        PipeChainTotal.class,
        "iteration",
        parameters("mechanism", mechanism, "pairs", pairs, "timeouts", timeouts),
        1,
        effort,
        () ->
            timeouts && mechanism == Mechanism.SELECTOR
                ? Optional.of("java.nio has no timers")
                : mechanism.refusal(pairs),
        () -> {
          PipeChainTotal benchmark = new PipeChainTotal();
          benchmark.mechanism = mechanism;
          benchmark.pairs = pairs;
          benchmark.timeouts = timeouts;
          return Counted.perUnit(benchmark, 1);
        });
  }

  public static void churn(
      List<Item> items, Effort effort, List<Mechanism> mechanisms, InterestChurn.Change change) {
    int events = PipeChain.events(InterestChurn.ACTIVE);
    for (Mechanism mechanism : mechanisms) {
      items.add(
          new Item(
              Item.Section.CHURN,
              mechanism.title(),
              setting("change", change.ordinal()),
              InterestChurn.class,
              "run",
              parameters("mechanism", mechanism, "change", change),
              events,
              effort,
              () ->
                  mechanism == Mechanism.SELECTOR && change == InterestChurn.Change.REGISTRATION
                      ? Optional.of(
                          "java.nio registers a cancelled key anew only after the next selection")
                      : mechanism.refusal(InterestChurn.PAIRS),
              () -> {
                InterestChurn benchmark = new InterestChurn();
                benchmark.mechanism = mechanism;
                benchmark.change = change;
                return Counted.perUnit(benchmark, events);
              }));
    }
  }

  public static void downcalls(List<Item> items, Effort effort) {
    for (String method : DOWNCALLS) {
      double calls = method.startsWith("abs") ? 0 : method.startsWith("getppid") ? 1 : 2;
      items.add(
          new Item(
              Item.Section.DOWNCALL,
              method,
              Map.of(),
              Downcall.class,
              method,
              Map.of(),
              1,
              effort,
              Optional::empty,
              () -> calls));
    }
  }

  public static void simulated(List<Item> items, Effort effort, List<String> backends) {
    for (String backend : backends) {
      items.add(
          new Item(
              Item.Section.SIMULATED,
              backend,
              Map.of(),
              SimForwarding.class,
              "once",
              Map.of("backend", backend),
              SimForwarding.CLIENTS,
              effort,
              Optional::empty,
              () -> {
                SimForwarding benchmark = new SimForwarding();
                benchmark.backend = backend;
                return Counted.perUnit(benchmark, SimForwarding.CLIENTS);
              }));
    }
  }

  public static void loopback(List<Item> items, Effort effort, List<String> backends) {
    for (String backend : backends) {
      items.add(
          new Item(
              Item.Section.LOOPBACK,
              backend,
              Map.of(),
              ForwardingBenchmark.class,
              "forward",
              parameters("backend", backend, "pipeline", 1),
              1,
              effort,
              Optional::empty,
              () -> ProxySuite.systemCalls(backend, 1)));
    }
  }

  private static Map<String, Integer> setting(Object... pairs) {
    Map<String, Integer> setting = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      setting.put((String) pairs[i], (Integer) pairs[i + 1]);
    }
    return setting;
  }

  private static Map<String, String> parameters(Object... pairs) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      parameters.put((String) pairs[i], value(pairs[i + 1]));
    }
    return parameters;
  }

  /// As JMH's parameters are written: an enum by its constant's name.
  private static String value(Object value) {
    return value instanceof Enum<?> constant ? constant.name() : value.toString();
  }
}
