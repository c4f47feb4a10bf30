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
    for (int i = 0; i < owner.fragmentCount; i++) {
      if (!fits(owner.fragments[i], kind)) {
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
    for (int i = 0; i < owner.fragmentCount; i++) {
      Msg fragment = owner.fragments[i];
      if (fragment.error != null) {
        owner.error = fragment.error;
        return true;
      }
      if (isTransient(fragment.errorWord)) {
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
    if (msg.replyType != typeOf(msg.command.gather()) && !isTransient(msg.errorWord)) {
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

  private static boolean fits(Msg fragment, Gather kind) {
    return fragment.replyType == typeOf(kind)
        && (kind != Gather.ARRAY || fragment.elementCount == fragment.keyCount);
  }

  // tag::array[]
  private void array(Msg owner) {
    writer.append(owner.reply, ARRAY);
    writer.append(owner.reply, owner.keyCount);
    writer.append(owner.reply, CRLF);
    for (int key = 0; key < owner.keyCount; key++) {
      takeElement(owner, owner.fragments[owner.fragmentOfKey[key]]);
    }
  }

  private static void takeElement(Msg owner, Msg fragment) {
    int i = fragment.nextElement++;
    owner.reply.append(fragment.reply, fragment.elements[4 * i], fragment.elements[4 * i + 1]);
  }

  // end::array[]

  private void sum(Msg owner) {
    long sum = 0;
    for (int i = 0; i < owner.fragmentCount; i++) {
      sum += owner.fragments[i].integer;
    }
    writer.append(owner.reply, INTEGER);
    writer.append(owner.reply, sum);
    writer.append(owner.reply, CRLF);
  }

  /// A server leaves out the keys that it does not have. As in twemproxy, each key's place takes
  /// the next block of its server, whatever its key: behind a miss the blocks of one server move
  /// up.
  private void values(Msg owner) {
    if (!areAskedFor(owner)) {
      owner.error = errors.of(Errno.EINVAL);
      return;
    }
    for (int key = 0; key < owner.keyCount; key++) {
      Msg fragment = owner.fragments[owner.fragmentOfKey[key]];
      if (fragment.nextElement < fragment.elementCount) {
        takeElement(owner, fragment);
      }
    }
    writer.append(owner.reply, END);
  }

  /// Whether every block's key is one that its server was asked for, in that order.
  private static boolean areAskedFor(Msg owner) {
    for (int key = 0; key < owner.keyCount; key++) {
      Msg fragment = owner.fragments[owner.fragmentOfKey[key]];
      if (fragment.nextElement < fragment.elementCount && isNext(owner, key, fragment)) {
        fragment.nextElement++;
      }
    }
    boolean all = true;
    for (int i = 0; i < owner.fragmentCount; i++) {
      all &= owner.fragments[i].nextElement == owner.fragments[i].elementCount;
      owner.fragments[i].nextElement = 0;
    }
    return all;
  }

  private static boolean isNext(Msg owner, int key, Msg fragment) {
    int element = 4 * fragment.nextElement;
    int start = fragment.elements[element + 2];
    int length = fragment.elements[element + 3] - start;
    int keyStart = owner.keys[2 * key];
    if (length != owner.keys[2 * key + 1] - keyStart) {
      return false;
    }
    MbufChain request = owner.request;
    for (int i = 0; i < length; i++) {
      if (request.byteAt(keyStart + i) != fragment.reply.byteAt(start + i)) {
        return false;
      }
    }
    return true;
  }
}
