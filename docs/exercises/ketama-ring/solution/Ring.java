package twemlab.exercise.ketamaring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A ketama ring of servers of equal weight.
final class Ring {
  private static final int DIGESTS = 40;
  private static final int POINTS_PER_DIGEST = 4;
  private static final double CIRCLE = 4294967296.0;

  /// The server of each point, by the point's value as an unsigned number.
  private final TreeMap<Long, Integer> points = new TreeMap<>();

  /// Builds the ring.
  ///
  /// @param names of the servers; each gets 160 points
  Ring(List<String> names) {
    for (int server = 0; server < names.size(); server++) {
      for (int i = 0; i < DIGESTS; i++) {
        ByteBuffer digest =
            ByteBuffer.wrap(md5(names.get(server) + "-" + i)).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < POINTS_PER_DIGEST; word++) {
          points.put(Integer.toUnsignedLong(digest.getInt()), server);
        }
      }
    }
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has MD5", e);
    }
  }

  /// The index of the server that owns a hash.
  ///
  /// @param hash an unsigned 32-bit number
  int pick(int hash) {
    Map.Entry<Long, Integer> point = points.ceilingEntry(Integer.toUnsignedLong(hash));
    return point == null ? points.firstEntry().getValue() : point.getValue();
  }

  /// What part of the circle a server's arcs make up, from 0 to 1.
  double share(int server) {
    double owned = 0;
    // The first arc begins behind the last point, on the other side of zero.
    double before = points.lastKey() - CIRCLE;
    for (Map.Entry<Long, Integer> point : points.entrySet()) {
      if (point.getValue() == server) {
        owned += point.getKey() - before;
      }
      before = point.getKey();
    }
    return owned / CIRCLE;
  }
}
