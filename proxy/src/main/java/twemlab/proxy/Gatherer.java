package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import twemlab.event.MbufChain;
import twemlab.event.MbufWriter;
import twemlab.event.kernel.Errno;
import twemlab.protocol.ErrorWord;
import twemlab.protocol.Gather;
import twemlab.protocol.ReplyType;

/// Makes one reply of the replies to an owner's fragments; C counterparts `redis_post_coalesce`,
/// `memcache_post_coalesce`.
///
/// One failed fragment fails the whole request, with the error of the first server, by index, that
/// failed; what the other fragments did is done all the same. Elements are ranges of the servers'
/// replies and are not copied.
final class Gatherer {
  private static final byte[] OK = "+OK\r\n".getBytes(US_ASCII);
  private static final byte[] END = "END\r\n".getBytes(US_ASCII);
  private static final byte[] ARRAY = "*".getBytes(US_ASCII);
  private static final byte[] INTEGER = ":".getBytes(US_ASCII);
  private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);

  private final ErrorReplies errors;
  private final MbufWriter writer;

  Gatherer(ServerPool pool) {
    this.errors = pool.errors;
    this.writer = pool.context.writer;
  }

  /// Writes the owner's reply, or sets its error.
  void gather(Msg owner) {
    if (passError(owner)) {
      return;
    }
    Gather kind = owner.command.gather();
    Division division = owner.division;
    for (int i = 0; i < division.partCount(); i++) {
      if (!fits(division.part(i), kind)) {
        owner.error = errors.of(Errno.EINVAL);
        return;
      }
    }
    switch (kind) {
      case ARRAY -> array(owner);
      case SUM -> sum(owner);
      case STATUS -> writer.append(owner.reply, OK);
      case VALUES -> values(owner);
      case NONE -> throw new IllegalStateException(owner.command + " has no fragments");
    }
  }

  /// Hands the first failure on, if there is one: of the proxy, or of a server that is out of
  /// memory, busy or loading.
  private static boolean passError(Msg owner) {
    Division division = owner.division;
    for (int i = 0; i < division.partCount(); i++) {
      Msg fragment = division.part(i).fragment;
      if (fragment.error != null) {
        owner.error = fragment.error;
        return true;
      }
      if (isTransient(fragment.errorWord())) {
        owner.reply.append(fragment.reply, 0, fragment.reply.length());
        return true;
      }
    }
    return false;
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
      case NONE -> throw new IllegalStateException("a request of one key");
    };
  }

  private static boolean fits(Division.Part part, Gather kind) {
    return part.fragment.replyType() == typeOf(kind)
        && (kind != Gather.ARRAY || part.elementCount == part.keyCount);
  }

  // tag::array[]
  private void array(Msg owner) {
    Division division = owner.division;
    writer.append(owner.reply, ARRAY);
    writer.append(owner.reply, division.keyCount);
    writer.append(owner.reply, CRLF);
    for (int key = 0; key < division.keyCount; key++) {
      takeElement(owner, division.part(division.partOfKey[key]));
    }
  }

  private static void takeElement(Msg owner, Division.Part part) {
    int i = part.nextElement++;
    owner.reply.append(part.fragment.reply, part.elements[4 * i], part.elements[4 * i + 1]);
  }

  // end::array[]

  private void sum(Msg owner) {
    long sum = 0;
    Division division = owner.division;
    for (int i = 0; i < division.partCount(); i++) {
      sum += division.part(i).integer;
    }
    writer.append(owner.reply, INTEGER);
    writer.append(owner.reply, sum);
    writer.append(owner.reply, CRLF);
  }

  /// A server leaves out the keys that it does not have. As in twemproxy, each key's place takes
  /// the next block of its server, whatever its key: behind a miss the blocks of one server move
  /// up.
  private void values(Msg owner) {
    Division division = owner.division;
    if (!areAskedFor(division)) {
      owner.error = errors.of(Errno.EINVAL);
      return;
    }
    for (int key = 0; key < division.keyCount; key++) {
      Division.Part part = division.part(division.partOfKey[key]);
      if (part.nextElement < part.elementCount) {
        takeElement(owner, part);
      }
    }
    writer.append(owner.reply, END);
  }

  /// Whether every block's key is one that its server was asked for, in that order.
  private static boolean areAskedFor(Division division) {
    for (int key = 0; key < division.keyCount; key++) {
      Division.Part part = division.part(division.partOfKey[key]);
      if (part.nextElement < part.elementCount && isNext(division, key, part)) {
        part.nextElement++;
      }
    }
    boolean all = true;
    for (int i = 0; i < division.partCount(); i++) {
      Division.Part part = division.part(i);
      all &= part.nextElement == part.elementCount;
      part.nextElement = 0;
    }
    return all;
  }

  private static boolean isNext(Division division, int key, Division.Part part) {
    int element = 4 * part.nextElement;
    int start = part.elements[element + 2];
    int length = part.elements[element + 3] - start;
    int keyStart = division.keys[2 * key];
    if (length != division.keys[2 * key + 1] - keyStart) {
      return false;
    }
    MbufChain request = division.owner.request;
    for (int i = 0; i < length; i++) {
      if (request.byteAt(keyStart + i) != part.fragment.reply.byteAt(start + i)) {
        return false;
      }
    }
    return true;
  }
}
