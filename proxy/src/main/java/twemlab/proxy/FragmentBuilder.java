package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import twemlab.event.MbufChain;
import twemlab.event.MbufWriter;
import twemlab.hashing.KeyRouter;
import twemlab.protocol.FanOut;
import twemlab.protocol.RequestView;
import twemlab.proxy.stats.PoolField;

/// Divides a request of several keys into one request for each server that owns some of them; C
/// counterparts `redis_fragment`, `memcache_fragment`.
///
/// All keys are routed by one ring and one drawn number, and the fragments go where their keys were
/// routed, whatever happens to the ring meanwhile. Keys and values are ranges of the client's
/// request; only the few bytes around them are written.
///
/// ```text
/// MGET a b c     a, c of server 0     *3 $4 mget  $1 a  $1 c
///                b of server 1        *2 $4 mget  $1 b
/// get a b c                           get a c \r\n
///                                     get b \r\n
/// ```
final class FragmentBuilder {
  private static final byte[] SPACE = " ".getBytes(US_ASCII);
  private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);
  private static final byte[] ARRAY = "*".getBytes(US_ASCII);
  private static final byte[] BULK = "\r\n$".getBytes(US_ASCII);

  private final ServerPool pool;
  private final MbufWriter writer;

  /// How many keys each server owns of the request at hand.
  private final int[] keysOfServer;

  /// The index of each server's fragment.
  private final int[] fragmentOfServer;

  FragmentBuilder(ServerPool pool) {
    this.pool = pool;
    this.writer = pool.context.writer;
    this.keysOfServer = new int[pool.conf.servers().size()];
    this.fragmentOfServer = new int[keysOfServer.length];
  }

  /// Routes every key and notes its server in [Division#partOfKey].
  ///
  /// @return how many servers own keys; 0 if no server is live
  int assign(Msg owner, RequestView view, KeyRouter ring, int drawn) {
    Division division = pool.context.divisions.take(owner);
    division.keepKeys(view);
    Arrays.fill(keysOfServer, 0);
    int servers = 0;
    for (int i = 0; i < division.keyCount; i++) {
      int server =
          pool.route(ring, owner.request, division.keys[2 * i], division.keys[2 * i + 1], drawn);
      if (server < 0) {
        return 0;
      }
      division.partOfKey[i] = server;
      if (keysOfServer[server]++ == 0) {
        servers++;
      }
    }
    return servers;
  }

  /// Builds the fragments of an assigned request, in the order of the servers' indices.
  void build(Division division, RequestView view) {
    boolean redis = pool.conf.redis();
    Msg owner = division.owner;
    for (int server = 0; server < keysOfServer.length; server++) {
      if (keysOfServer[server] > 0) {
        begin(division, server, redis);
      }
    }
    for (int i = 0; i < division.keyCount; i++) {
      int place = fragmentOfServer[division.partOfKey[i]];
      division.partOfKey[i] = place;
      MbufChain target = division.part(place).fragment.request;
      if (redis) {
        target.append(owner.request, view.unitStart(i), view.unitEnd(i));
      } else {
        appendMemcacheKey(target, division, i);
      }
    }
    finish(division, redis);
  }

  private void begin(Division division, int server, boolean redis) {
    fragmentOfServer[server] = division.partCount();
    Msg fragment = pool.context.msgs.take();
    fragment.command = division.owner.command;
    Division.Part part = division.add(fragment);
    part.server = server;
    part.keyCount = keysOfServer[server];
    if (redis) {
      writeRedisHead(fragment, part.keyCount);
    } else {
      writer.append(fragment.request, wireName(fragment));
      writer.append(fragment.request, SPACE);
    }
  }

  private void writeRedisHead(Msg fragment, int keyCount) {
    int perKey = fragment.command.fanOut() == FanOut.PAIRS ? 2 : 1;
    byte[] name = wireName(fragment);
    MbufChain request = fragment.request;
    writer.append(request, ARRAY);
    writer.append(request, 1L + (long) perKey * keyCount);
    writer.append(request, BULK);
    writer.append(request, name.length);
    writer.append(request, CRLF);
    writer.append(request, name);
    writer.append(request, CRLF);
  }

  private static byte[] wireName(Msg fragment) {
    return WireNames.of(fragment.command);
  }

  /// A key and a space, which follows it in the request already unless it is the last one.
  private void appendMemcacheKey(MbufChain target, Division division, int i) {
    boolean last = i == division.keyCount - 1;
    target.append(
        division.owner.request, division.keys[2 * i], division.keys[2 * i + 1] + (last ? 0 : 1));
    if (last) {
      writer.append(target, SPACE);
    }
  }

  private void finish(Division division, boolean redis) {
    for (int i = 0; i < division.partCount(); i++) {
      if (!redis) {
        writer.append(division.part(i).fragment.request, CRLF);
      }
    }
    pool.stats.add(PoolField.FRAGMENTS, division.partCount());
  }
}
