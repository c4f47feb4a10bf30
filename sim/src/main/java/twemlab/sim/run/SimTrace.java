package twemlab.sim.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.process.Instance;
import twemlab.proxy.trace.Call;
import twemlab.proxy.trace.Connections;
import twemlab.proxy.trace.Party;
import twemlab.proxy.trace.TraceFile;
import twemlab.proxy.trace.TraceHead;
import twemlab.proxy.trace.TraceRow;
import twemlab.proxy.trace.TracingKernel;
import twemlab.sim.Observer;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Trace;

/// The trace of a simulated run with all that can be seen of it: each step of [Trace], and what the
/// [TracingKernel] under the proxy tells of the same call when it has returned.
public final class SimTrace implements Observer, Call.Listener, Closeable {
  private static final String PROXY = "proxy";

  private final TraceFile file;
  private final Predicate<String> redis;
  private SimKernel kernel;
  private Connections connections;
  private Instance instance;

  /// The latest step, which waits for what the kernel around the kernel tells of it.
  private TraceRow row;

  /// Whether that was told: what the kernel's list is later belongs to later steps.
  private boolean returned;

  private List<Integer> queue = List.of();

  public SimTrace(TraceFile file, SwarmSettings settings) {
    this(file, name -> isRedis(settings, name));
  }

  /// @param redis whether an actor speaks redis' protocol, by its name
  SimTrace(TraceFile file, Predicate<String> redis) {
    this.file = file;
    this.redis = redis;
  }

  private static boolean isRedis(SwarmSettings settings, String name) {
    return settings.pools().stream()
        .filter(pool -> name.startsWith(pool.conf().name() + "-"))
        .anyMatch(pool -> pool.conf().redis());
  }

  /// What a trace file says of a run.
  public static TraceHead head(String title, SwarmSettings settings, long seed) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("seed", String.valueOf(seed));
    about.put("backend", settings.base().backend());
    about.put("platform", settings.kernel().platform().toString());
    about.put("configuration", settings.toString());
    List<TraceHead.Lane> lanes = new ArrayList<>();
    for (SwarmSettings.Pool pool : settings.pools()) {
      String name = pool.conf().name();
      for (int i = 1; i <= pool.clients(); i++) {
        lanes.add(new TraceHead.Lane(name + "-client" + i, "client"));
      }
      for (int i = 1; i <= pool.conf().servers().size(); i++) {
        lanes.add(new TraceHead.Lane(name + "-server" + i, "server"));
      }
    }
    return new TraceHead(title, about, lanes);
  }

  @Override
  public Kernel around(SimKernel inner) {
    kernel = inner;
    connections = new Connections(new Directory());
    return new TracingKernel(inner, this);
  }

  @Override
  public void started(Instance started) {
    instance = started;
  }

  @Override
  public void step(Trace.Step step) {
    flush();
    row =
        new TraceRow(
            step.time(),
            step.actor(),
            step.kind().name(),
            step.descriptor(),
            step.result(),
            step.bytes());
    if (instance != null) {
      row.turn(instance.loop().turns(), instance.context().messagesInUse());
    }
    if (step.kind() == Trace.Kind.FAULT) {
      row.note(Fault.values()[(int) step.result()].name());
    }
    if (step.delivery() != null) {
      deliver(step.actor(), step.delivery());
    }
  }

  private void deliver(String actor, Trace.Delivery delivery) {
    boolean atProxy = actor.equals(PROXY);
    Address own = atProxy ? delivery.local() : delivery.peer();
    Address other = atProxy ? delivery.peer() : delivery.local();
    connections.deliver(own, other, atProxy, row);
    if (delivery.data() != null) {
      byte[] bytes = new byte[delivery.data().remaining()];
      delivery.data().duplicate().get(bytes);
      row.data(bytes);
    }
  }

  private String owner(Address address) {
    String owner = kernel.ownerOf(address);
    return owner == null ? String.valueOf(address) : owner;
  }

  /// Comes right after the step of the same call.
  @Override
  public void called(Call call) {
    if (row != null && row.call.equals(call.name())) {
      connections.describe(call, row);
      looking();
      returned = true;
    }
  }

  /// The kernel's list is as it was made by the latest delivery, and soon it will be empty.
  @Override
  public void looking() {
    List<Integer> now = kernel == null ? queue : kernel.readyQueue();
    if (row != null && !now.equals(queue)) {
      queue = now;
      row.queue(now);
    }
  }

  private void flush() {
    if (row == null) {
      return;
    }
    if (!returned) {
      looking();
    }
    returned = false;
    try {
      file.row(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    row = null;
  }

  /// The run failed: the last step is the one that failed.
  public void violation(String text) throws IOException {
    flush();
    file.violation(text);
  }

  @Override
  public void close() throws IOException {
    flush();
    file.close();
  }

  /// The names of actors, by what is bound where.
  private final class Directory implements Party.Directory {
    @Override
    public Address local(int fd) {
      return kernel.localAddress(fd);
    }

    @Override
    public Address peer(int fd) {
      return kernel.peerAddress(fd);
    }

    @Override
    public Party party(Address local, Address peer, boolean accepted) {
      String name = owner(peer);
      return new Party(name, redis.test(name), accepted);
    }
  }
}
