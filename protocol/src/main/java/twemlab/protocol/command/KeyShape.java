package twemlab.protocol.command;

/// Where the keys of a request stand: as in redis' own table of commands, the first and the last of
/// the elements that is a key, and the step from one to the next. The name is element 0.
public enum KeyShape {
  /// There is no key.
  NONE(Integer.MAX_VALUE, 0, 1, 0),
  /// The first argument is the key.
  FIRST(1, 1, 1, 0),
  /// The second argument is the key, behind a subcommand (`OBJECT ENCODING key`).
  SECOND(2, 2, 1, 0),
  /// The first two arguments are keys (`RENAME`).
  TWO(1, 2, 1, 0),
  /// Every argument is a key.
  EVERY(1, Integer.MAX_VALUE, 1, 0),
  /// Every argument but the first is a key (`BITOP AND target a b`).
  FROM_SECOND(2, Integer.MAX_VALUE, 1, 0),
  /// Keys and values alternate, a key first; the number of elements is odd (`MSET`).
  PAIRS(1, Integer.MAX_VALUE, 2, 0),
  /// A number of keys, then the keys (`SINTERCARD 2 a b`).
  COUNTED(2, 2, 1, 1),
  /// A script, a number of keys, then keys and arguments (`EVAL`).
  AFTER_NUMKEYS(3, 3, 1, 2);

  private final int first;
  private final int last;
  private final int step;
  private final int numkeysAt;

  KeyShape(int first, int last, int step, int numkeysAt) {
    this.first = first;
    this.last = last;
    this.step = step;
    this.numkeysAt = numkeysAt;
  }

  /// The element that is the first key.
  public int first() {
    return first;
  }

  /// The element behind which no key stands. Where the request says how many keys there are, it is
  /// the first key, for this is what every request has.
  public int last() {
    return last;
  }

  /// From one key to the next: 1, or 2 when values stand between.
  public int step() {
    return step;
  }

  /// The element that says how many keys there are; 0 when none does.
  public int numkeysAt() {
    return numkeysAt;
  }
}
