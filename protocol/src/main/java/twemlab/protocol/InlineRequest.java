package twemlab.protocol;

import java.util.Arrays;

/// Makes an array of a redis request that is a line of words, by redis' rules of words and quotes
/// (`sdssplitargs`, sds.c; `processInlineBuffer`, networking.c).
///
/// ```text
/// set k "two\r\nlines" CR LF     *3 CR LF $3 CR LF set CR LF $1 CR LF k CR LF $10 CR LF two ...
/// ```
///
/// The line is at most 64 KiB long ([#LINE_MAX]), so it is copied; one of these serves all clients,
/// one after the other, and keeps no more memory than a usual line needs.
public final class InlineRequest {
  /// redis waits for the end of a line until so many bytes have come without it.
  public static final int LINE_MAX = 64 * 1024;

  /// What [#read] answers when a quote is not closed, or something follows a closing one.
  public static final int UNBALANCED = -1;

  /// Room for `*65536 CR LF`, which is written when the words are counted.
  private static final int HEAD_ROOM = 16;

  private static final int BUFFER_KEPT = 4096;

  private final RangeReader reader = new RangeReader();
  private byte[] line = new byte[BUFFER_KEPT];
  private int length;
  private int at;

  private byte[] array = new byte[BUFFER_KEPT];
  private int start;
  private int end;

  /// The current word.
  private byte[] word = new byte[BUFFER_KEPT];

  private int wordLength;

  /// Reads a line.
  ///
  /// @param request its bytes, the line feed included
  /// @param bytes how many
  /// @return how many words there are, or [#UNBALANCED]
  public int read(Ranges request, int bytes) {
    copyLine(request, bytes);
    at = 0;
    end = HEAD_ROOM;
    int words = 0;
    for (skipBlanks(); at < length; skipBlanks()) {
      if (!readWord()) {
        return UNBALANCED;
      }
      appendLength(wordLength);
      append(word, wordLength);
      append((byte) '\r');
      append((byte) '\n');
      words++;
    }
    writeHead(words);
    return words;
  }

  /// The array of the last line is in here, from [#start] to [#end], until the next is read.
  public byte[] array() {
    return array;
  }

  /// Where the array begins.
  public int start() {
    return start;
  }

  /// Where it ends.
  public int end() {
    return end;
  }

  /// Gives back what a long line needed.
  public void trim() {
    if (line.length > BUFFER_KEPT || array.length > BUFFER_KEPT) {
      line = new byte[BUFFER_KEPT];
      word = new byte[BUFFER_KEPT];
      array = new byte[BUFFER_KEPT];
    }
  }

  private void copyLine(Ranges request, int bytes) {
    if (line.length < bytes) {
      line = new byte[bytes];
    }
    reader.start(request);
    for (int i = 0; i < bytes; i++) {
      line[i] = reader.next();
    }
    reader.stop();
    length = bytes - 1;
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    if (word.length < length) {
      word = new byte[length];
    }
  }

  private void skipBlanks() {
    while (at < length && isBlank(line[at])) {
      at++;
    }
  }

  /// `isspace` of the C locale.
  private static boolean isBlank(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /// Reads a word; a quote may begin in the middle of it, and ends it.
  ///
  /// @return false when quotes are unbalanced
  private boolean readWord() {
    wordLength = 0;
    while (at < length) {
      byte b = line[at++];
      if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
        return true;
      }
      if (b == '"') {
        return readQuoted();
      }
      if (b == '\'') {
        return readSingleQuoted();
      }
      word[wordLength++] = b;
    }
    return true;
  }

  private boolean readQuoted() {
    while (at < length) {
      byte b = line[at++];
      if (b == '"') {
        return at == length || isBlank(line[at]);
      }
      word[wordLength++] = b == '\\' && at < length ? escaped() : b;
    }
    return false;
  }

  /// What stands behind a backslash.
  private byte escaped() {
    byte b = line[at++];
    if (b == 'x' && at + 1 < length && hex(line[at]) >= 0 && hex(line[at + 1]) >= 0) {
      at += 2;
      return (byte) (hex(line[at - 2]) << 4 | hex(line[at - 1]));
    }
    return switch (b) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> b;
    };
  }

  private static int hex(byte b) {
    return b < 0 ? -1 : Character.digit(b, 16);
  }

  private boolean readSingleQuoted() {
    while (at < length) {
      byte b = line[at++];
      if (b == '\'') {
        return at == length || isBlank(line[at]);
      }
      if (b == '\\' && at < length && line[at] == '\'') {
        b = line[at++];
      }
      word[wordLength++] = b;
    }
    return false;
  }

  private void writeHead(int words) {
    int digits = words;
    start = HEAD_ROOM;
    array[--start] = '\n';
    array[--start] = '\r';
    do {
      array[--start] = (byte) ('0' + digits % 10);
      digits /= 10;
    } while (digits > 0);
    array[--start] = '*';
  }

  private void appendLength(int number) {
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    append((byte) '$');
    ensure(digits);
    int rest = number;
    for (int place = end + digits - 1; place >= end; place--) {
      array[place] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    end += digits;
    append((byte) '\r');
    append((byte) '\n');
  }

  private void append(byte b) {
    ensure(1);
    array[end++] = b;
  }

  private void append(byte[] bytes, int count) {
    ensure(count);
    System.arraycopy(bytes, 0, array, end, count);
    end += count;
  }

  private void ensure(int more) {
    if (array.length - end < more) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, end + more));
    }
  }
}
