package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.EnumSet;
import java.util.Set;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufWriter;
import twemlab.protocol.ElementWalk;
import twemlab.protocol.ErrorWord;
import twemlab.protocol.KeyWalk;
import twemlab.protocol.ReplyType;
import twemlab.protocol.command.FanOut;
import twemlab.protocol.command.Gather;
import twemlab.proxy.message.Division;
import twemlab.proxy.message.Msg;
import twemlab.proxy.message.PartTable;
import twemlab.proxy.wire.ErrorReplies;

/// Makes one reply of the replies to an owner's fragments; C counterparts `redis_post_coalesce`,
/// `memcache_post_coalesce`.
///
/// One failed fragment fails the whole request, with the error of the first server, by index, that
/// failed; what the other fragments did is done all the same. Elements that follow each other in a
/// server's reply are taken as one run of bytes: copied if it is small, referred to if it is not.
final class Gatherer {
  private static final byte[] OK = "+OK\r\n".getBytes(US_ASCII);
  private static final byte[] MEMCACHED_OK = "OK\r\n".getBytes(US_ASCII);

  private static final Set<ReplyType> ERRORS =
      EnumSet.of(
          ReplyType.ERROR,
          ReplyType.UNKNOWN_COMMAND,
          ReplyType.CLIENT_ERROR,
          ReplyType.SERVER_ERROR);

  private static final byte[] END = "END\r\n".getBytes(US_ASCII);
  private static final byte[] ARRAY = "*".getBytes(US_ASCII);
  private static final byte[] INTEGER = ":".getBytes(US_ASCII);
  private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);

  /// The longest reply that is put together; a chain counts its bytes in an int.
  private static final long REPLY_MAX = Integer.MAX_VALUE - (1 << 20);

  private final ErrorReplies errors;
  private final Context context;
  private final MbufWriter writer;
  private final PartTable table;
  private final boolean redis;

  Gatherer(ServerPool pool) {
    this.errors = pool.errors;
    this.context = pool.context;
    this.writer = context.writer;
    this.redis = pool.conf.redis();
    this.table = new PartTable(writer, pool.conf.servers().size());
  }

  /// Begins to gather: passes an error on, or writes what needs no look at the keys.
  ///
  /// @return whether the owner's reply, or its error, is complete
  boolean begin(Division division) {
    Msg owner = division.owner;
    if (passError(division)) {
      return true;
    }
    Gather kind = owner.command.gather();
    if (!fit(division, kind)) {
      owner.error = errors.of(Errno.EINVAL);
      return true;
    }
    switch (kind) {
      case ARRAY -> {
        beginArray(division);
        return false;
      }
      case SUM -> sum(division);
      case STATUS -> writer.append(owner.reply, redis ? OK : MEMCACHED_OK);
      case CONCATENATION -> concatenate(division);
      case ANY -> takeAny(division);
      case VALUES -> {
        beginCheck(division);
        return false;
      }
      case NONE -> throw new IllegalStateException(owner.command + " has no fragments");
    }
    return true;
  }

  /// Hands the first failure on, if there is one: of the proxy, or of a server that is out of
  /// memory, busy or loading.
  private static boolean passError(Division division) {
    Division.Part failed = null;
    for (int i = 0; i < division.partCount(); i++) {
      Division.Part part = division.part(i);
      boolean bad =
          part.fragment.error != null
              || isTransient(part.fragment.errorWord())
              || (division.owner.command.fanOut() == FanOut.ALL
                  && ERRORS.contains(part.fragment.replyType()));
      if (bad && (failed == null || part.server < failed.server)) {
        failed = part;
      }
    }
    if (failed == null) {
      return false;
    }
    Msg owner = division.owner;
    Msg fragment = failed.fragment;
    owner.error = fragment.error;
    if (fragment.error == null) {
      owner.reply.append(fragment.reply, 0, fragment.reply.length());
    }
    return true;
  }

  /// Whether an error says that the server, not the request, is at fault for a while.
  static boolean isTransient(ErrorWord word) {
    return word == ErrorWord.OOM || word == ErrorWord.BUSY || word == ErrorWord.LOADING;
  }

  /// A request of several keys that one server owns is forwarded as it is. Its reply must be of the
  /// type that a fragment's must be.
  void checkUndivided(Msg msg) {
    if (msg.replyType() != typeOf(msg.command.gather()) && !isTransient(msg.errorWord())) {
      msg.reply.clear();
      msg.error = errors.of(Errno.EINVAL);
    }
  }

  private static ReplyType typeOf(Gather kind) {
    return switch (kind) {
      case ARRAY -> ReplyType.ARRAY;
      case SUM -> ReplyType.INTEGER;
      case STATUS -> ReplyType.STATUS;
      case VALUES -> ReplyType.END;
      case CONCATENATION -> ReplyType.ARRAY;
      case ANY -> ReplyType.BULK;
      case NONE -> throw new IllegalStateException("a request of one key");
    };
  }

  private static boolean fit(Division division, Gather kind) {
    division.bytesToGather = division.replyBytes();
    boolean fit = true;
    for (int i = 0; i < division.partCount(); i++) {
      Division.Part part = division.part(i);
      fit &= part.fragment.replyType() == typeOf(kind);
      fit &= kind != Gather.ARRAY || part.elementCount == part.keyCount;
    }
    return fit && division.bytesToGather <= REPLY_MAX;
  }

  /// Servers can claim what they like: the sum stays at the nearest number that a reply can say.
  private void sum(Division division) {
    long sum = 0;
    for (int i = 0; i < division.partCount(); i++) {
      sum = saturated(sum, division.part(i).integer);
    }
    MbufChain reply = division.owner.reply;
    writer.append(reply, INTEGER);
    writer.append(reply, sum);
    writer.append(reply, CRLF);
  }

  private static long saturated(long a, long b) {
    long sum = a + b;
    boolean overflows = ((a ^ sum) & (b ^ sum)) < 0;
    return overflows ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }

  private void concatenate(Division division) {
    MbufChain reply = division.owner.reply;
    long elements = 0;
    for (int i = 0; i < division.partCount(); i++) {
      elements += division.part(i).elementCount;
    }
    writer.append(reply, ARRAY);
    writer.append(reply, elements);
    writer.append(reply, CRLF);
    for (int i = 0; i < division.partCount(); i++) {
      MbufChain part = division.part(i).fragment.reply;
      int head = 1;
      while (part.byteAt(head - 1) != '\n') {
        head++;
      }
      reply.append(part, head, part.length());
    }
  }

  /// `$-1` is five bytes long, with its line end.
  private static void takeAny(Division division) {
    MbufChain any = division.part(0).fragment.reply;
    for (int i = 1; i < division.partCount() && any.byteAt(1) == '-'; i++) {
      any = division.part(i).fragment.reply;
    }
    division.owner.reply.append(any, 0, any.length());
  }

  private void beginArray(Division division) {
    MbufChain reply = division.owner.reply;
    writer.append(reply, ARRAY);
    writer.append(reply, division.keyCount);
    writer.append(reply, CRLF);
    division.begin(Division.Phase.GATHERING);
    context.walks.startElements(division);
  }

  private void beginCheck(Division division) {
    division.begin(Division.Phase.CHECKING);
    context.walks.startKeys(division);
    context.walks.startElements(division);
    for (int i = 0; i < division.partCount(); i++) {
      nextBlock(division.part(i));
    }
  }

  /// Goes on with the next keys.
  ///
  /// @return whether the owner's reply, or its error, is complete
  boolean slice(Division division, int keys) {
    int[] parts = table.read(division.partOfKey, division.keysDone, keys);
    if (division.phase == Division.Phase.CHECKING) {
      check(division, parts, keys);
    } else {
      // What is still to come, if the elements are all of one size.
      long keysLeft = (long) division.keyCount - division.keysDone;
      division.area.expect((int) (division.bytesToGather * keysLeft / division.keyCount));
      take(division, parts, keys);
    }
    division.keysDone += keys;
    if (division.keysDone == division.keyCount) {
      return endPhase(division);
    }
    if (division.phase == Division.Phase.GATHERING) {
      releaseTaken(division);
    }
    return false;
  }

  /// What is copied is not kept twice for longer than a slice.
  private static void releaseTaken(Division division) {
    for (int i = 0; i < division.partCount(); i++) {
      Division.Part part = division.part(i);
      int taken = i == division.runPart ? division.runStart : part.elements.walk.end();
      part.fragment.reply.releaseBefore(taken);
    }
  }

  /// Takes for each key, in the order of the request, the next element of its server's reply.
  ///
  /// A memcached server leaves out the keys that it does not have. As in twemproxy, each key's
  /// place takes the next block of its server, whatever its key: behind a miss the blocks of one
  /// server move up.
  // tag::take[]
  private static void take(Division division, int[] parts, int keys) {
    for (int key = 0; key < keys; key++) {
      Division.Part part = division.part(parts[key]);
      if (part.elementsTaken < part.elementCount) {
        ElementWalk walk = part.elements.walk;
        walk.next();
        part.elementsTaken++;
        if (parts[key] != division.runPart) {
          takeRun(division);
          division.runPart = parts[key];
          division.runStart = walk.start();
        }
        division.runEnd = walk.end();
      }
    }
  }

  // end::take[]

  private static void takeRun(Division division) {
    if (division.runPart >= 0) {
      MbufChain source = division.part(division.runPart).fragment.reply;
      division.area.append(division.owner.reply, source, division.runStart, division.runEnd);
    }
  }

  /// Whether every block's key is one that its server was asked for, in that order.
  private static void check(Division division, int[] parts, int keys) {
    KeyWalk walk = division.keys.walk;
    for (int key = 0; key < keys; key++) {
      walk.next();
      Division.Part part = division.part(parts[key]);
      if (part.elementsTaken < part.elementCount && isKeyOfBlock(division, walk, part)) {
        part.elementsTaken++;
        nextBlock(part);
      }
    }
  }

  private static void nextBlock(Division.Part part) {
    if (part.elementsTaken < part.elementCount) {
      part.elements.walk.next();
    }
  }

  private static boolean isKeyOfBlock(Division division, KeyWalk walk, Division.Part part) {
    ElementWalk block = part.elements.walk;
    int length = block.keyEnd() - block.keyStart();
    if (length != walk.keyEnd() - walk.keyStart()) {
      return false;
    }
    MbufChain request = division.owner.request;
    MbufChain reply = part.fragment.reply;
    for (int i = 0; i < length; i++) {
      if (request.byteAt(walk.keyStart() + i) != reply.byteAt(block.keyStart() + i)) {
        return false;
      }
    }
    return true;
  }

  private boolean endPhase(Division division) {
    Msg owner = division.owner;
    if (division.phase == Division.Phase.CHECKING) {
      if (!allBlocksAreAskedFor(division)) {
        owner.error = errors.of(Errno.EINVAL);
        return true;
      }
      division.begin(Division.Phase.GATHERING);
      context.walks.startElements(division);
      return false;
    }
    takeRun(division);
    division.area.finish(owner.reply);
    if (owner.command.gather() == Gather.VALUES) {
      writer.append(owner.reply, END);
    }
    return true;
  }

  private static boolean allBlocksAreAskedFor(Division division) {
    boolean all = true;
    for (int i = 0; i < division.partCount(); i++) {
      Division.Part part = division.part(i);
      all &= part.elementsTaken == part.elementCount;
    }
    return all;
  }
}
