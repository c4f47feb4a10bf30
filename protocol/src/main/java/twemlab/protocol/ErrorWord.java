package twemlab.protocol;

import java.util.EnumSet;
import java.util.Locale;
import twemlab.protocol.bytes.PackedWord;

/// The first word of a redis error reply, letter by letter as redis sends it.
public enum ErrorWord {
  /// The reply is no error.
  NONE,
  /// A word that is not in this list.
  OTHER,
  ERR,
  OOM,
  BUSY,
  BUSYKEY,
  EXECABORT,
  LOADING,
  MASTERDOWN,
  MISCONF,
  NOAUTH,
  NOREPLICAS,
  NOSCRIPT,
  READONLY,
  WRONGTYPE;

  private static final ErrorWord[] WORDS = EnumSet.range(ERR, WRONGTYPE).toArray(ErrorWord[]::new);

  private final long low = PackedWord.low(name());
  private final long high = PackedWord.high(name());

  /// The name in lower case, as twemproxy's message types have it (`MSG_RSP_REDIS_ERROR_OOM`).
  public String lowerCaseName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The word of the given packed bytes, or [#OTHER].
  static ErrorWord of(long low, long high) {
    for (ErrorWord word : WORDS) {
      if (word.low == low && word.high == high) {
        return word;
      }
    }
    return OTHER;
  }
}
