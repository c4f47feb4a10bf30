package twemlab.protocol;

import twemlab.protocol.bytes.PackedWord;

/// The first words of memcached's replies, packed for comparison; case counts.
enum MemcacheReplyWord {
  VALUE(ReplyType.VALUE),
  END(ReplyType.END),
  STORED(ReplyType.STORED),
  NOT_STORED(ReplyType.NOT_STORED),
  EXISTS(ReplyType.EXISTS),
  NOT_FOUND(ReplyType.NOT_FOUND),
  DELETED(ReplyType.DELETED),
  TOUCHED(ReplyType.TOUCHED),
  OK(ReplyType.STATUS),
  VERSION(ReplyType.VERSION),
  ERROR(ReplyType.UNKNOWN_COMMAND),
  CLIENT_ERROR(ReplyType.CLIENT_ERROR),
  SERVER_ERROR(ReplyType.SERVER_ERROR);

  private static final MemcacheReplyWord[] WORDS = values();

  private final ReplyType type;
  private final long low = PackedWord.low(name());
  private final long high = PackedWord.high(name());

  MemcacheReplyWord(ReplyType type) {
    this.type = type;
  }

  /// The kind of reply that begins with the word, or [ReplyType#NONE].
  static ReplyType find(long low, long high) {
    for (MemcacheReplyWord word : WORDS) {
      if (word.low == low && word.high == high) {
        return word.type;
      }
    }
    return ReplyType.NONE;
  }
}
