package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufWriter;
import twemlab.hashing.KeyRouter;
import twemlab.protocol.KeyWalk;
import twemlab.protocol.RequestView;
import twemlab.protocol.command.FanOut;
import twemlab.protocol.command.MemcacheCommand;
import twemlab.proxy.message.Division;
import twemlab.proxy.message.Msg;
import twemlab.proxy.message.PartTable;
import twemlab.proxy.stats.PoolField;
import twemlab.proxy.wire.WireNames;

/// Divides a request of several keys into one request for each server that owns some of them; C
/// counterparts `redis_fragment`, `memcache_fragment`.
///
/// All keys are routed by one ring and one drawn number, and the fragments go where their keys were
/// routed, whatever happens to the ring meanwhile.
///
/// ```text
/// MGET a b c d     a, b, d of server 0     *4 $4 mget  $1 a  $1 b  $1 d
///                  c of server 1           *2 $4 mget  $1 c
/// get a b c d                              get a b d \r\n
///                                          get c \r\n
/// ```
///
/// Keys that follow each other to the same server are taken as one run of bytes: it is copied if it
/// is small, because a range would cost more, and referred to if it is not. The head, which says
/// how many keys there are, is written when they are known.
final class FragmentBuilder {
  private static final byte[] SPACE = " ".getBytes(US_ASCII);
  private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);

  /// The longest head: `*2097153 $6 unlink`, with the line ends.
  private static final int HEAD_MAX = 32;

  /// A fragment has at least so many bytes, about.
  private static final int FRAGMENT_MIN = 64;

  private final ServerPool pool;
  private final MbufWriter writer;
  private final boolean redis;
  private final PartTable table;

  /// The index of each server's part in the division at hand, if that part says so too.
  private final int[] partOfServer;

  private final byte[] head = new byte[HEAD_MAX];
  private final MbufChain whole = new MbufChain();

  FragmentBuilder(ServerPool pool) {
    this.pool = pool;
    this.writer = pool.context.writer;
    this.redis = pool.conf.redis();
    this.table = new PartTable(writer, pool.conf.servers().size());
    this.partOfServer = new int[pool.conf.servers().size()];
  }

  /// Begins to divide a request.
  Division begin(Msg owner, RequestView view, KeyRouter router, int drawn) {
    Division division = pool.context.divisions.take(pool, owner, view.keyCount());
    division.exptime = view.exptime();
    division.router = router;
    division.drawn = drawn;
    division.begin(Division.Phase.DIVIDING);
    pool.context.walks.startKeys(division);
    return division;
  }

  /// Divides the next keys. Afterwards [Division#keysDone] says how many are done.
  ///
  /// @return whether there is a server for them
  // tag::slice[]
  boolean slice(Division division, int keys) {
    for (int i = 0; i < division.partCount(); i++) {
      partOfServer[division.part(i).server] = i;
      division.part(i).area.expect(expectedBytes(division));
    }
    KeyWalk walk = division.keys.walk;
    int[] parts = table.slice(keys);
    for (int key = 0; key < keys; key++) {
      walk.next();
      int server = route(division, walk);
      if (server < 0) {
        return false;
      }
      int part = partOf(division, server);
      if (division.owner.command.fanOut() == FanOut.TOGETHER) {
        if (division.partCount() > 1) {
          // That is all there is to know.
          division.keysDone = division.keyCount;
          return true;
        }
      } else if (part != division.runPart) {
        takeRun(division);
        division.runPart = part;
        division.runStart = walk.unitStart();
      }
      division.runEnd = walk.unitEnd();
      division.part(part).keyCount++;
      parts[key] = part;
    }
    table.append(division.partOfKey, keys);
    division.keysDone += keys;
    if (redis && division.partCount() > 1) {
      division.owner.request.releaseBefore(division.runStart);
    }
    return true;
  }

  // end::slice[]

  private int route(Division division, KeyWalk walk) {
    MemorySegment segment = walk.segment();
    int length = walk.keyEnd() - walk.keyStart();
    return segment == null
        ? pool.route(
            division.router, division.owner.request, walk.keyStart(), walk.keyEnd(), division.drawn)
        : pool.route(division.router, segment, walk.position(), length, division.drawn);
  }

  private int partOf(Division division, int server) {
    int part = partOfServer[server];
    if (part >= division.partCount() || division.part(part).server != server) {
      part = division.partCount();
      partOfServer[server] = part;
      division.add(server);
    }
    return part;
  }

  /// The run that has ended goes to its fragment. As long as all keys are of one server nothing has
  /// been taken: such a request is forwarded as it is.
  private void takeRun(Division division) {
    if (division.runPart < 0) {
      return;
    }
    Division.Part part = division.part(division.runPart);
    if (part.fragment == null) {
      beginFragment(division, division.runPart);
    }
    MbufChain target = part.fragment.request;
    part.area.append(target, division.owner.request, division.runStart, division.runEnd);
    if (!redis) {
      part.area.append(target, SPACE);
    }
  }

  private void beginFragment(Division division, int place) {
    Division.Part part = division.part(place);
    Msg fragment = pool.context.msgs.take();
    fragment.command = division.owner.command;
    fragment.division = division;
    fragment.place(place);
    part.fragment = fragment;
    part.area.expect(expectedBytes(division));
    part.area.open(HEAD_MAX);
  }

  /// What a fragment will get of the bytes that are still to be divided, if they are shared evenly,
  /// and a little more.
  private int expectedBytes(Division division) {
    int rest = division.owner.request.length() - division.runStart;
    int servers = Math.min(partOfServer.length, division.keyCount);
    return rest / servers + rest / (4 * servers) + FRAGMENT_MIN;
  }

  /// Completes the fragments of a request whose keys are all done, and that has several parts.
  void finish(Division division) {
    takeRun(division);
    for (int i = 0; i < division.partCount(); i++) {
      finishFragment(division.part(i));
    }
    division.begin(Division.Phase.WAITING);
    division.open = division.partCount();
    pool.context.walks.stop(division);
    if (redis) {
      // Of memcached, the keys are compared with those of the replies.
      division.owner.request.clear();
    }
    pool.stats.add(PoolField.FRAGMENTS, division.partCount());
  }

  private void finishFragment(Division.Part part) {
    MbufChain request = part.fragment.request;
    if (!redis) {
      part.area.append(request, CRLF);
    }
    int length = writeHead(part);
    if (part.area.prepend(request, head, length)) {
      part.area.finish(request);
      return;
    }
    part.area.finish(request);
    writer.append(whole, head, 0, length);
    whole.append(request, 0, request.length());
    request.clear();
    request.append(whole, 0, whole.length());
    whole.clear();
  }

  /// Writes the head of a fragment, and returns its length.
  private int writeHead(Division.Part part) {
    byte[] name = WireNames.of(part.fragment.command);
    int at = 0;
    if (redis) {
      int perKey = part.fragment.command.fanOut() == FanOut.PAIRS ? 2 : 1;
      at = writeLine(at, '*', 1 + perKey * part.keyCount);
      at = writeLine(at, '$', name.length);
    }
    System.arraycopy(name, 0, head, at, name.length);
    at += name.length;
    if (part.fragment.command instanceof MemcacheCommand row && row.numbersFirst()) {
      head[at++] = ' ';
      at = writeNumber(at, part.fragment.division.exptime);
    }
    byte[] end = redis ? CRLF : SPACE;
    System.arraycopy(end, 0, head, at, end.length);
    return at + end.length;
  }

  private int writeLine(int start, char mark, int number) {
    head[start] = (byte) mark;
    int end = writeNumber(start + 1, number);
    head[end] = '\r';
    head[end + 1] = '\n';
    return end + 2;
  }

  private int writeNumber(int start, long number) {
    int at = start;
    if (number < 0) {
      head[at++] = '-';
    }
    long magnitude = Math.abs(number);
    int digits = 1;
    for (long rest = magnitude / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = magnitude;
    for (int place = at + digits - 1; place >= at; place--) {
      head[place] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return at + digits;
  }
}
