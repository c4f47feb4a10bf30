package twemlab.sim.run.hostile.attack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import twemlab.hashing.KeyRouter;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;

/// Which server of a pool owns a key, by the proxy's own router. Immutable.
public final class Keys {
  private final KeyRouter router;
  private final List<String> servers;

  private Keys(KeyRouter router, List<String> servers) {
    this.router = router;
    this.servers = servers;
  }

  static Keys of(PoolConf pool) {
    List<Node> nodes = new ArrayList<>();
    for (ServerConf server : pool.servers()) {
      nodes.add(new Node(nodes.size(), server.name(), server.weight(), true));
    }
    var router =
        new KeyRouter(
            pool.hash(),
            pool.hashTag().orElse(null),
            pool.distribution().build(nodes),
            nodes.size());
    return new Keys(router, nodes.stream().map(Node::name).toList());
  }

  /// The name of the server that owns a key.
  public String server(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
    return servers.get(router.route(bytes, 0, bytes.length, Loads.NONE, 0));
  }

  /// The first of `prefix0`, `prefix1`, ... that one of these servers owns.
  public String owned(String prefix, List<String> owners) {
    return owned(prefix, 0, owners);
  }

  /// The same from a number on.
  public String owned(String prefix, int from, List<String> owners) {
    for (int i = from; ; i++) {
      String key = prefix + i;
      if (owners.contains(server(key))) {
        return key;
      }
    }
  }
}
