package twemlab.exercise.respcuts;

import java.util.ArrayList;
import java.util.List;

/// Reads redis requests, arrays of bulk strings, out of a stream that is cut anywhere:
///
/// ```text
/// *2\r\n $3\r\n GET\r\n $1\r\n k\r\n        (without the spaces)
/// ```
///
/// A number has one to six digits and nothing else. A request has 1 to 1,024 words of 0 to 65,536
/// bytes each; a line ends with CR LF and nothing else.
///
/// Everything that must outlive a cut is a field: the state, the number being read, and the word
/// being filled.
final class RequestReader {
  private static final int DIGITS_MAX = 6;
  private static final int WORDS_MAX = 1_024;
  private static final int WORD_MAX = 65_536;

  /// What was found.
  enum Result {
    /// The range is consumed, and it is the beginning of a request.
    AGAIN,
    /// A whole request.
    DONE,
    /// No continuation makes this a request. Every further call says the same.
    BROKEN
  }

  private enum State {
    STAR,
    COUNT,
    COUNT_LF,
    DOLLAR,
    LENGTH,
    LENGTH_LF,
    WORD,
    WORD_CR,
    WORD_LF,
    DONE,
    BROKEN
  }

  private final List<byte[]> words = new ArrayList<>();
  private State state = State.STAR;
  private int number;
  private int digits;
  private int count;
  private byte[] word = new byte[0];
  private int filled;
  private int position;

  /// Reads the bytes `[from, to)`, to the end of a request at most. Keeps no reference to the
  /// array.
  Result read(byte[] bytes, int from, int to) {
    position = from;
    while (position < to && state != State.DONE && state != State.BROKEN) {
      if (state == State.WORD) {
        int taken = Math.min(to - position, word.length - filled);
        System.arraycopy(bytes, position, word, filled, taken);
        filled += taken;
        position += taken;
        state = filled == word.length ? State.WORD_CR : State.WORD;
      } else {
        state = next(bytes[position++]);
      }
    }
    return switch (state) {
      case DONE -> Result.DONE;
      case BROKEN -> Result.BROKEN;
      default -> Result.AGAIN;
    };
  }

  private State next(byte octet) {
    return switch (state) {
      case STAR -> octet == '*' ? number(State.COUNT) : State.BROKEN;
      case DOLLAR -> octet == '$' ? number(State.LENGTH) : State.BROKEN;
      case COUNT -> digit(octet, State.COUNT_LF);
      case LENGTH -> digit(octet, State.LENGTH_LF);
      case COUNT_LF -> octet == '\n' ? counted() : State.BROKEN;
      case LENGTH_LF -> octet == '\n' ? measured() : State.BROKEN;
      case WORD_CR -> octet == '\r' ? State.WORD_LF : State.BROKEN;
      case WORD_LF -> octet == '\n' ? ended() : State.BROKEN;
      default -> throw new IllegalStateException("no byte is expected in " + state);
    };
  }

  private State number(State next) {
    number = 0;
    digits = 0;
    return next;
  }

  private State digit(byte octet, State atEnd) {
    if (octet == '\r') {
      return digits > 0 ? atEnd : State.BROKEN;
    }
    if (octet < '0' || octet > '9' || digits == DIGITS_MAX) {
      return State.BROKEN;
    }
    digits++;
    number = number * 10 + octet - '0';
    return state;
  }

  private State counted() {
    count = number;
    return count >= 1 && count <= WORDS_MAX ? State.DOLLAR : State.BROKEN;
  }

  private State measured() {
    if (number > WORD_MAX) {
      return State.BROKEN;
    }
    word = new byte[number];
    filled = 0;
    return number == 0 ? State.WORD_CR : State.WORD;
  }

  private State ended() {
    words.add(word);
    return words.size() == count ? State.DONE : State.DOLLAR;
  }

  /// After DONE: the index of the first byte behind the request.
  int position() {
    return position;
  }

  /// After DONE: the words of the request.
  List<byte[]> words() {
    return List.copyOf(words);
  }

  /// Begins the next request.
  void reset() {
    words.clear();
    state = State.STAR;
  }
}
