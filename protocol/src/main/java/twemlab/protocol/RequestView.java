package twemlab.protocol;

import java.util.Arrays;
import twemlab.protocol.bytes.PackedWord;
import twemlab.protocol.command.Command;
import twemlab.protocol.command.Complaint;
import twemlab.protocol.command.MemcacheCommand;

/// What a parser found out about a request: places, as byte offsets from the request's first byte,
/// ends exclusive. It holds none of the request's bytes, but for the name of an unknown command.
///
/// Of the keys it counts all and keeps the place of the first, which decides the route. The places
/// of the others are kept only when [RequestParser#recordKeys] asked for them: a client may send a
/// million keys and never the end, and a [KeyWalk] finds them when the request is whole.
///
/// One view belongs to one parser and is used again for each request.
public final class RequestView {
  /// At most so many bytes of an unknown command's name are kept, as in redis' own error.
  public static final int NAME_KEPT = 128;

  private static final int KEYS_AT_FIRST = 16;

  /// A view that grew beyond so many keys gives the memory back.
  private static final int KEYS_KEPT = 4096;

  /// Of each key: where it starts, where it ends, where its unit ends.
  private static final int INTS_PER_KEY = 3;

  private static final int BINARY_HEADER = 24;
  private static final int OPAQUE_FROM = 12;
  private static final int OPAQUE_TO = 16;

  private int[] keys = new int[KEYS_AT_FIRST * INTS_PER_KEY];
  private int keyCount;
  private int firstUnitStart;
  private boolean recording;
  private final byte[] name = new byte[NAME_KEPT];
  private int nameLength;

  Command command;
  RefusalReason refusal = RefusalReason.NONE;
  Complaint complaint = Complaint.NONE;
  byte unexpected;
  boolean inline;
  long exptime;
  byte binaryOpcode;
  int binaryOpaque;
  int length;
  int argumentCount;
  boolean quit;
  boolean noreply;
  int noreplyStart;
  int noreplyEnd;

  RequestView() {}

  /// The row of the command table, a [twemlab.protocol.command.RedisCommand] or a
  /// [MemcacheCommand]; null until it is known.
  public Command command() {
    return command;
  }

  /// How many bytes of the request were consumed.
  public int length() {
    return length;
  }

  /// How many keys were found so far. Of a script it is the first alone, which decides the route.
  public int keyCount() {
    return keyCount;
  }

  /// Where key `i` starts. Without [RequestParser#recordKeys], only of key 0 is this known, and the
  /// following three.
  public int keyStart(int i) {
    return keys[checkedKey(i)];
  }

  /// Where key `i` ends.
  public int keyEnd(int i) {
    return keys[checkedKey(i) + 1];
  }

  /// Where that starts which travels with key `i` when the request is divided: in redis the key's
  /// bulk string, `$` and line ends included, and for pairs the value's too; in memcached the key
  /// alone.
  public int unitStart(int i) {
    int at = checkedKey(i);
    if (command instanceof MemcacheCommand) {
      return keys[at];
    }
    return i == 0 ? firstUnitStart : keys[at - 1];
  }

  /// Where that ends.
  public int unitEnd(int i) {
    return keys[checkedKey(i) + 2];
  }

  /// memcached: whether the client wants no answer.
  public boolean noreply() {
    return noreply;
  }

  /// Where that starts which must be cut out for the server to answer nevertheless: the spaces
  /// before the word `noreply`.
  public int noreplyStart() {
    return noreplyStart;
  }

  /// Where that ends: the end of the word.
  public int noreplyEnd() {
    return noreplyEnd;
  }

  /// Whether the client asks to end the connection.
  public boolean quit() {
    return quit;
  }

  /// Why the request will not be forwarded, known before its end: the caller need not keep its
  /// bytes from then on.
  public RefusalReason refusal() {
    return refusal;
  }

  /// What the server itself would say to bytes that it cannot read.
  public Complaint complaint() {
    return complaint;
  }

  /// The byte that stands where redis expects a dollar sign ([Complaint#EXPECTED_DOLLAR]).
  public byte unexpected() {
    return unexpected;
  }

  /// redis: whether the request is a line of words, not an array; known from its first byte on.
  public boolean inline() {
    return inline;
  }

  /// memcached: the time that precedes the keys of `gat` and `gats`.
  public long exptime() {
    return exptime;
  }

  /// The operation that a request of memcached's binary protocol asks for.
  public byte binaryOpcode() {
    return binaryOpcode;
  }

  /// What such a request wants to find in its answer; big-endian.
  public int binaryOpaque() {
    return binaryOpaque;
  }

  /// How many bytes of an unknown command's name are kept; 0 for a known command.
  public int nameLength() {
    return command == null ? nameLength : 0;
  }

  /// Byte `i` of an unknown command's name, as it was sent.
  public byte nameByte(int i) {
    if (i >= nameLength()) {
      throw new IndexOutOfBoundsException(i);
    }
    return name[i];
  }

  /// redis: how many arguments follow the name, as the request announces it.
  public int argumentCount() {
    return argumentCount;
  }

  void clear() {
    command = null;
    refusal = RefusalReason.NONE;
    complaint = Complaint.NONE;
    inline = false;
    length = 0;
    argumentCount = 0;
    quit = false;
    noreply = false;
    noreplyStart = 0;
    noreplyEnd = 0;
    keyCount = 0;
    nameLength = 0;
    if (keys.length > KEYS_KEPT * INTS_PER_KEY) {
      keys = new int[KEYS_AT_FIRST * INTS_PER_KEY];
    }
  }

  void record(boolean wanted) {
    recording = wanted;
  }

  void addKey(int unitStart, int start, int end, int unitEnd) {
    if (keyCount == 0) {
      firstUnitStart = unitStart;
    } else if (!recording) {
      keyCount++;
      return;
    }
    int at = keyCount * INTS_PER_KEY;
    if (at == keys.length) {
      keys = Arrays.copyOf(keys, 2 * at);
    }
    keys[at] = start;
    keys[at + 1] = end;
    keys[at + 2] = unitEnd;
    keyCount++;
  }

  /// A byte of the header of a request in the binary protocol: its second is the operation, and
  /// four are what its answer must repeat.
  ///
  /// @return whether it is the last of the header
  boolean addBinaryByte(int place, byte b) {
    if (place == 1) {
      binaryOpcode = b;
    } else if (place >= OPAQUE_FROM && place < OPAQUE_TO) {
      binaryOpaque = binaryOpaque << 8 | (b & 0xFF);
    }
    return place == BINARY_HEADER - 1;
  }

  /// The value of a pair ended at `unitEnd`: it travels with the last key.
  void extendUnit(int unitEnd) {
    if (recording || keyCount == 1) {
      keys[keyCount * INTS_PER_KEY - 1] = unitEnd;
    }
  }

  void addNameByte(byte b) {
    if (nameLength < NAME_KEPT) {
      name[nameLength++] = b;
    }
  }

  int keptNameLength() {
    return nameLength;
  }

  /// The kept bytes of the name, in lower case and packed; `from` is 0, 8 or 16.
  long packedName(int from) {
    return PackedWord.folded(name, from, nameLength);
  }

  private int checkedKey(int i) {
    if (i < 0 || i >= (recording ? keyCount : Math.min(1, keyCount))) {
      throw new IndexOutOfBoundsException(i);
    }
    return i * INTS_PER_KEY;
  }
}
