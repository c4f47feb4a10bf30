package twemlab.proxy.trace;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which lane a step stands in: clients to the left, then the kernel under the proxy, the proxy,
/// and servers to the right. With many clients or servers, one lane stands for all of them.
final class Lanes {
  static final String KERNEL = "kernel";
  static final String PROXY = "proxy";
  private static final int EACH_MAX = 4;

  /// Told to a socket by the network: at the proxy, they happen in its kernel.
  private static final Set<String> DELIVERIES =
      Set.of("SEGMENT", "FIN", "RESET", "CONNECTED", "COMPLETION", "SYN_DROPPED");

  private final List<String> names = new ArrayList<>();
  private final List<String> clients;
  private final List<String> servers;

  Lanes(TraceHead head, List<TraceRow> rows) {
    clients = side(head, rows, true);
    servers = side(head, rows, false);
    names.addAll(clients.size() <= EACH_MAX ? clients : List.of("clients"));
    if (rows.stream().anyMatch(row -> atKernel(row))) {
      names.add(KERNEL);
    }
    names.add(PROXY);
    names.addAll(servers.size() <= EACH_MAX ? servers : List.of("servers"));
  }

  private static List<String> side(TraceHead head, List<TraceRow> rows, boolean client) {
    Set<String> found = new LinkedHashSet<>();
    head.lanes().stream()
        .filter(lane -> lane.side().equals("client") == client)
        .forEach(lane -> found.add(lane.name()));
    for (TraceRow row : rows) {
      for (String name : row.peer == null ? List.of(row.actor) : List.of(row.actor, row.peer)) {
        if (!isOwn(name) && name.contains("server") != client) {
          found.add(name);
        }
      }
    }
    return List.copyOf(found);
  }

  private static boolean isOwn(String actor) {
    return actor.equals(PROXY) || actor.equals("fault");
  }

  static boolean isDelivery(TraceRow row) {
    return DELIVERIES.contains(row.call);
  }

  static boolean atKernel(TraceRow row) {
    return row.actor.equals(PROXY) && isDelivery(row);
  }

  List<String> names() {
    return names;
  }

  /// The lane of a step, counted from 0.
  int of(TraceRow row) {
    return atKernel(row) ? names.indexOf(KERNEL) : of(row.actor);
  }

  /// The lane of an actor.
  int of(String actor) {
    int lane = names.indexOf(actor);
    if (lane >= 0) {
      return lane;
    }
    String all = servers.contains(actor) ? "servers" : clients.contains(actor) ? "clients" : PROXY;
    return Math.max(0, names.indexOf(all));
  }
}
