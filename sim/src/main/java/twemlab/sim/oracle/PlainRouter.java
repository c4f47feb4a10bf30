package twemlab.sim.oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import twemlab.hashing.KeyRouter;
import twemlab.hashing.Loads;
import twemlab.hashing.Node;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;

/// Which server a key belongs to while all are live, computed as plainly as it can be: the tag is
/// cut out of a string, the ring is a sorted map, MD5 is the Java library's. It shares the hash
/// functions with the proxy, which have test vectors, and for the distributions other than ketama
/// and modula also those.
final class PlainRouter {
  private final PoolConf conf;

  /// The points of ketama: unsigned 32-bit values, and the server of each.
  private final TreeMap<Long, Integer> ring = new TreeMap<>();

  /// The table of modula: each server as often as its weight says.
  private final List<Integer> table = new ArrayList<>();

  private final KeyRouter others;

  PlainRouter(PoolConf conf) {
    this.conf = conf;
    List<Node> nodes = new ArrayList<>();
    for (ServerConf server : conf.servers()) {
      nodes.add(new Node(nodes.size(), server.name(), server.weight(), true));
    }
    switch (conf.distribution()) {
      case KETAMA -> nodes.forEach(node -> addPoints(node, nodes));
      case MODULA -> nodes.forEach(this::addEntries);
      default -> {
        // The proxy's own.
      }
    }
    this.others = new KeyRouter(conf.hash(), null, conf.distribution().build(nodes), nodes.size());
  }

  int owner(String key) {
    byte[] bytes = tagged(key).getBytes(StandardCharsets.ISO_8859_1);
    if (conf.servers().size() == 1) {
      return 0;
    }
    long hash = bytes.length == 0 ? 0 : conf.hash().hash(bytes, 0, bytes.length) & 0xffffffffL;
    return switch (conf.distribution()) {
      case KETAMA -> {
        Map.Entry<Long, Integer> point = ring.ceilingEntry(hash);
        yield (point == null ? ring.firstEntry() : point).getValue();
      }
      case MODULA -> table.get((int) (hash % table.size()));
      default -> others.route(bytes, 0, bytes.length, Loads.NONE, 0);
    };
  }

  /// What stands between the first opening and the next closing character, if anything does.
  private String tagged(String key) {
    if (conf.hashTag().isEmpty()) {
      return key;
    }
    int open = key.indexOf(conf.hashTag().get().open());
    int close = open < 0 ? -1 : key.indexOf(conf.hashTag().get().close(), open + 1);
    return close > open + 1 ? key.substring(open + 1, close) : key;
  }

  private void addEntries(Node node) {
    for (int i = 0; i < node.weight(); i++) {
      table.add(node.index());
    }
  }

  /// Four points of each digest; 40 digests of a server of average weight, rounded down in float32.
  private void addPoints(Node node, List<Node> nodes) {
    long total = nodes.stream().mapToLong(Node::weight).sum();
    float digests = (float) node.weight() / (float) total * 160 / 4 * nodes.size();
    for (int i = 0; i < (int) (float) (digests + 0.0000000001); i++) {
      ByteBuffer digest = md5(node.name() + "-" + i);
      while (digest.hasRemaining()) {
        ring.putIfAbsent(digest.getInt() & 0xffffffffL, node.index());
      }
    }
  }

  private static ByteBuffer md5(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }
}
