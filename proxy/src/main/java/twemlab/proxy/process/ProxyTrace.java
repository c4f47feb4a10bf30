package twemlab.proxy.process;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.event.backend.Backend;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.Platform;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;
import twemlab.proxy.log.Log;
import twemlab.proxy.trace.Call;
import twemlab.proxy.trace.Connections;
import twemlab.proxy.trace.Party;
import twemlab.proxy.trace.TraceFile;
import twemlab.proxy.trace.TraceHead;
import twemlab.proxy.trace.TraceRow;
import twemlab.proxy.trace.TracingKernel;

/// The trace of a proxy that serves (`--trace FILE`): the first [#STEPS_MAX] calls of its loop.
///
/// The file is whole when that many were made, or when the proxy ends. For each new connection two
/// calls more are made than without a trace, to learn its addresses. A file that cannot be written
/// any more ends the trace, and not the proxy.
final class ProxyTrace implements Call.Listener, AutoCloseable {
  static final int STEPS_MAX = 100_000;

  private final Conf conf;
  private final Log log;
  private final TraceFile file;
  private Kernel kernel;
  private Connections connections;
  private Instance instance;
  private int steps;
  private long start;

  private ProxyTrace(Conf conf, Log log, TraceFile file) {
    this.conf = conf;
    this.log = log;
    this.file = file;
  }

  /// Creates the file.
  static ProxyTrace create(Path path, Backend backend, Conf conf, Log log) throws IOException {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("backend", backend.backend());
    about.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    List<TraceHead.Lane> lanes = new ArrayList<>();
    for (PoolConf pool : conf.pools()) {
      pool.servers().forEach(server -> lanes.add(new TraceHead.Lane(server.name(), "server")));
    }
    TraceHead head = new TraceHead("proxy, " + backend.backend(), about, lanes);
    TraceFile.Form form = TraceFile.Form.of(path).orElseThrow();
    return new ProxyTrace(conf, log, TraceFile.create(path, form, head, TraceFile.Options.NONE));
  }

  /// The kernel to hand to the proxy.
  Kernel around(Kernel inner) {
    kernel = inner;
    start = inner.clock().monotonicNanos();
    connections = new Connections(new Directory(inner.memory().map(Platform.SOCKADDR_MAX)));
    return new TracingKernel(inner, this);
  }

  /// The proxy listens: from now on steps have their turn.
  void started(Instance proxy) {
    instance = proxy;
  }

  @Override
  public void called(Call call) {
    if (steps >= STEPS_MAX) {
      return;
    }
    long time = kernel.clock().monotonicNanos() - start;
    var row = new TraceRow(time, "proxy", call.name(), call.fd(), call.result(), call.amount());
    if (instance != null) {
      row.turn(instance.loop().turns(), instance.context().messagesInUse());
    }
    connections.describe(call, row);
    try {
      file.row(row);
      steps++;
      if (steps == STEPS_MAX) {
        log.always("the trace is full: " + STEPS_MAX + " steps");
        file.close();
      }
    } catch (IOException e) {
      steps = STEPS_MAX;
      log.error("the trace ends: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    if (steps >= STEPS_MAX) {
      return;
    }
    steps = STEPS_MAX;
    try {
      file.close();
    } catch (IOException e) {
      log.error("the trace ends: " + e.getMessage());
    }
  }

  /// The names of peers, by the addresses of the configuration.
  private final class Directory implements Party.Directory {
    private final MemorySegment scratch;

    private Directory(MemorySegment scratch) {
      this.scratch = scratch;
    }

    @Override
    public Address local(int fd) {
      return read(kernel.sockets().getsockname(fd, scratch, 0));
    }

    @Override
    public Address peer(int fd) {
      return read(kernel.sockets().getpeername(fd, scratch, 0));
    }

    private Address read(int length) {
      return length < 0 ? null : Address.read(kernel.platform(), scratch, 0, length);
    }

    @Override
    public Party party(Address local, Address peer, boolean accepted) {
      for (PoolConf pool : conf.pools()) {
        if (accepted && isAt(pool.listen().endpoint(), local)) {
          return new Party("client", pool.redis(), true);
        }
        for (ServerConf server : pool.servers()) {
          if (!accepted && isAt(server.endpoint(), peer)) {
            return new Party(server.name(), pool.redis(), false);
          }
        }
      }
      String name = accepted ? "client" : String.valueOf(peer);
      return new Party(name, conf.pools().getFirst().redis(), accepted);
    }

    /// A name was resolved somewhere else: its port has to do.
    private static boolean isAt(Endpoint endpoint, Address address) {
      return switch (endpoint) {
        case Endpoint.Unix(String path) ->
            address instanceof Address.Unix at && at.path().equals(path);
        case Endpoint.Inet inet -> address instanceof Address.Inet at && at.port() == inet.port();
      };
    }
  }
}
