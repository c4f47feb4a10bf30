package twemlab.proxy.conf;

import java.util.ArrayList;
import java.util.List;
import twemlab.hashing.Continuum;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.Node;

/// What is accepted, because nutcracker accepts it, and yet is hardly meant.
public final class ConfWarnings {
  private ConfWarnings() {}

  /// One line for each server that owns no point of its pool's continuum while all servers are
  /// alive, and so gets no key. Ketama does that to a server whose weight is below about 1/40 of
  /// the pool's average.
  public static List<String> of(Conf conf) {
    List<String> warnings = new ArrayList<>();
    for (PoolConf pool : conf.pools()) {
      addPointless(pool, warnings);
    }
    return warnings;
  }

  private static void addPointless(PoolConf pool, List<String> warnings) {
    // A pool of one server uses no continuum. Modula gives each server as many places as it weighs.
    if (pool.servers().size() == 1
        || pool.distribution() != DistributionKind.KETAMA
        || !(pool.distribution().build(nodes(pool)) instanceof Continuum ring)) {
      return;
    }
    int[] points = new int[pool.servers().size()];
    for (int i = 0; i < ring.pointCount(); i++) {
      points[ring.pointIndex(i)]++;
    }
    for (int i = 0; i < points.length; i++) {
      if (points[i] == 0) {
        ServerConf server = pool.servers().get(i);
        warnings.add(
            String.format(
                "conf: pool '%s': server '%s' of weight %d has no points on the ring and gets no"
                    + " keys; its weight is too far below the others",
                pool.name(), server.name(), server.weight()));
      }
    }
  }

  private static List<Node> nodes(PoolConf pool) {
    List<Node> nodes = new ArrayList<>();
    for (ServerConf server : pool.servers()) {
      nodes.add(new Node(nodes.size(), server.name(), server.weight(), true));
    }
    return nodes;
  }
}
