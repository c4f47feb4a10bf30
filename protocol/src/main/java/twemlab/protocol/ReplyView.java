package twemlab.protocol;

import java.util.Arrays;

/// What a parser found out about a reply: its kind, and places as byte offsets from the reply's
/// first byte, ends exclusive. It holds none of the reply's bytes.
///
/// One view belongs to one parser and is used again for each reply.
public final class ReplyView {
  private static final int ELEMENTS_AT_FIRST = 16;

  /// A view that grew beyond so many elements gives the memory back.
  private static final int ELEMENTS_KEPT = 4096;

  /// Of each element: start, end, start of the key, end of the key.
  private static final int INTS_PER_ELEMENT = 4;

  private int[] elements = new int[ELEMENTS_AT_FIRST * INTS_PER_ELEMENT];
  private int elementCount;
  private boolean recording;

  ReplyType type = ReplyType.NONE;
  ErrorWord errorWord = ErrorWord.NONE;
  long length;

  /// Bytes that must follow those that were consumed; 0 when that is not known.
  long announced;

  long integer;

  ReplyView() {}

  /// The kind of the reply; [ReplyType#NONE] until it is known.
  public ReplyType type() {
    return type;
  }

  /// How many bytes of the reply were consumed.
  public long length() {
    return length;
  }

  /// How long the reply is at the least: what was consumed, and the rest of the string that is
  /// being read. So the length of one large string is known as soon as its header.
  public long lengthAtLeast() {
    return length + announced;
  }

  /// The value of a redis integer or a memcached number. Any number of digits passes; a value that
  /// no long can hold is the nearest one that it can.
  public long integer() {
    return integer;
  }

  /// The first word of a redis error.
  public ErrorWord errorWord() {
    return errorWord;
  }

  /// How many elements there are so far: of a redis array those at the top level, of a memcached
  /// reply its `VALUE` blocks.
  public int elementCount() {
    return elementCount;
  }

  /// Where element `i` starts, if [ReplyParser#recordElements] asked for it, as for the following
  /// three: at its mark, or at the word `VALUE`.
  public int elementStart(int i) {
    return elements[checked(i)];
  }

  /// Where it ends: after its last line feed.
  public int elementEnd(int i) {
    return elements[checked(i) + 1];
  }

  /// memcached: where the key of `VALUE` block `i` starts.
  public int elementKeyStart(int i) {
    return elements[checked(i) + 2];
  }

  /// memcached: where the key of `VALUE` block `i` ends.
  public int elementKeyEnd(int i) {
    return elements[checked(i) + 3];
  }

  void clear() {
    type = ReplyType.NONE;
    errorWord = ErrorWord.NONE;
    length = 0;
    announced = 0;
    integer = 0;
    elementCount = 0;
    recording = false;
    if (elements.length > ELEMENTS_KEPT * INTS_PER_ELEMENT) {
      elements = new int[ELEMENTS_AT_FIRST * INTS_PER_ELEMENT];
    }
  }

  void record(boolean wanted) {
    recording = wanted;
  }

  /// An element that ends beyond what an int holds is not recorded: no reply is that long that
  /// anybody gathers.
  void addElement(long start, long end, long keyStart, long keyEnd) {
    if (!recording) {
      elementCount += elementCount < Integer.MAX_VALUE ? 1 : 0;
      return;
    }
    if (end > Integer.MAX_VALUE) {
      return;
    }
    int at = elementCount * INTS_PER_ELEMENT;
    if (at == elements.length) {
      elements = Arrays.copyOf(elements, 2 * at);
    }
    elements[at] = (int) start;
    elements[at + 1] = (int) end;
    elements[at + 2] = (int) keyStart;
    elements[at + 3] = (int) keyEnd;
    elementCount++;
  }

  private int checked(int i) {
    if (i < 0 || i >= elementCount || !recording) {
      throw new IndexOutOfBoundsException(i);
    }
    return i * INTS_PER_ELEMENT;
  }
}
