package twemlab.protocol.command;

import static twemlab.protocol.command.Arity.atLeast;
import static twemlab.protocol.command.Arity.exactly;
import static twemlab.protocol.command.KeyShape.EVERY;
import static twemlab.protocol.command.KeyShape.FIRST;
import static twemlab.protocol.command.KeyShape.NONE;
import static twemlab.protocol.command.NumberField.BYTES;
import static twemlab.protocol.command.NumberField.CAS_UNIQUE;
import static twemlab.protocol.command.NumberField.DELTA;
import static twemlab.protocol.command.NumberField.EXPIRY;
import static twemlab.protocol.command.NumberField.FLAGS;
import static twemlab.protocol.command.NumberField.NEW_EXPIRY;

import java.util.List;
import java.util.Locale;
import twemlab.protocol.bytes.PackedWord;

/// The memcached commands of the text protocol that twemproxy forwards: one row each.
///
/// After the key come the numbers of the row; of a retrieval, before the keys. A row with
/// [NumberField#BYTES] has a data block, and every command that changes something may carry
/// `noreply`. What follows the name of a command without a key is not looked at.
///
/// Source: memcached, doc/protocol.txt; `memcache_parse_req` (nc_memcache.c).
@SuppressWarnings("ImmutableEnumChecker") // nobody else has the array `numbers`
public enum MemcacheCommand implements Command {
  GET(EVERY, false),
  GETS(EVERY, false),
  GAT(EVERY, false, NEW_EXPIRY),
  GATS(EVERY, false, NEW_EXPIRY),
  SET(FIRST, true, FLAGS, EXPIRY, BYTES),
  ADD(FIRST, true, FLAGS, EXPIRY, BYTES),
  REPLACE(FIRST, true, FLAGS, EXPIRY, BYTES),
  APPEND(FIRST, true, FLAGS, EXPIRY, BYTES),
  PREPEND(FIRST, true, FLAGS, EXPIRY, BYTES),
  CAS(FIRST, true, FLAGS, EXPIRY, BYTES, CAS_UNIQUE),
  INCR(FIRST, true, DELTA),
  DECR(FIRST, true, DELTA),
  TOUCH(FIRST, true, NEW_EXPIRY),
  DELETE(FIRST, true),
  VERSION(atLeast(1), false),
  STATS(atLeast(1), false),
  VERBOSITY(exactly(2), true),
  FLUSH_ALL(new Arity(1, 2), true),
  QUIT(exactly(1), false);

  private static final MemcacheCommand[] ROWS = values();
  private static final long META_SET = PackedWord.low("ms");

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final long packed = PackedWord.low(wireName);

  /// The ninth letter of a name, or 0.
  private final byte ninth = (byte) PackedWord.high(wireName);

  private final KeyShape keyShape;
  private final boolean noreply;
  private final NumberField[] numbers;
  private final boolean data;
  private final Arity arity;

  MemcacheCommand(KeyShape keyShape, boolean noreply, NumberField... numbers) {
    this.keyShape = keyShape;
    this.noreply = noreply;
    this.numbers = numbers;
    this.data = List.of(numbers).contains(BYTES);
    int fields = 2 + numbers.length;
    this.arity = keyShape == EVERY ? atLeast(fields) : exactly(fields);
  }

  /// A command without a key.
  MemcacheCommand(Arity arity, boolean noreply) {
    this.keyShape = NONE;
    this.noreply = noreply;
    this.numbers = new NumberField[0];
    this.data = false;
    this.arity = arity;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /// How many fields the line has, the name included, `noreply` not.
  @Override
  public Arity arity() {
    return arity;
  }

  @Override
  public KeyShape keyShape() {
    return keyShape;
  }

  @Override
  public FanOut fanOut() {
    return this == FLUSH_ALL ? FanOut.ALL : keyShape == EVERY ? FanOut.KEYS : FanOut.NONE;
  }

  @Override
  public Gather gather() {
    return this == FLUSH_ALL ? Gather.STATUS : keyShape == EVERY ? Gather.VALUES : Gather.NONE;
  }

  @Override
  public Handling handling() {
    return switch (this) {
      case QUIT, STATS, VERBOSITY -> Handling.LOCAL;
      case FLUSH_ALL -> Handling.ADMINISTER;
      default -> Handling.FORWARD;
    };
  }

  @Override
  public Author author() {
    return Author.SERVER;
  }

  /// The numbers that follow the key, in order.
  public List<NumberField> numbers() {
    return List.of(numbers);
  }

  /// Whether a data block follows the line.
  public boolean hasData() {
    return data;
  }

  /// Whether the line may end with `noreply`.
  public boolean allowsNoreply() {
    return noreply;
  }

  public int numberCount() {
    return numbers.length;
  }

  public NumberField number(int i) {
    return numbers[i];
  }

  /// Whether the numbers precede the keys.
  public boolean numbersFirst() {
    return keyShape == EVERY && numbers.length > 0;
  }

  /// How many of them.
  public int numbersBefore() {
    return numbersFirst() ? numbers.length : 0;
  }

  /// Whether memcached looks further than at the number of fields, when a line has so many.
  public boolean acceptsFields(int fields) {
    // It takes any word in the place of `noreply`; `delete` also an old argument, a zero.
    int more = noreply ? (this == DELETE ? 2 : 1) : 0;
    return fields >= arity.minimum() && fields - more <= arity.maximum();
  }

  public long packed() {
    return packed;
  }

  /// The row of a packed name of at most eight bytes, or null. The most used rows come first.
  public static MemcacheCommand find(long packed) {
    for (MemcacheCommand row : ROWS) {
      if (row.packed == packed && row.ninth == 0) {
        return row;
      }
    }
    return null;
  }

  /// The row of a name of nine bytes, or null.
  public static MemcacheCommand find(long packed, byte ninth) {
    for (MemcacheCommand row : ROWS) {
      if (row.packed == packed && row.ninth == ninth) {
        return row;
      }
    }
    return null;
  }

  /// Whether somebody may believe that a data block follows a line with this first word, which is
  /// no command's name: a storage command in capitals, or memcached's `ms`.
  public static boolean mayHaveData(long word) {
    if (word == META_SET) {
      return true;
    }
    MemcacheCommand row = find(PackedWord.lowerCase(word));
    return row != null && row.data;
  }
}
