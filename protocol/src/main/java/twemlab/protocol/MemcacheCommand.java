package twemlab.protocol;

import static twemlab.protocol.KeyShape.EVERY;
import static twemlab.protocol.KeyShape.FIRST;
import static twemlab.protocol.KeyShape.NONE;
import static twemlab.protocol.NumberField.BYTES;
import static twemlab.protocol.NumberField.CAS_UNIQUE;
import static twemlab.protocol.NumberField.DELTA;
import static twemlab.protocol.NumberField.EXPIRY;
import static twemlab.protocol.NumberField.FLAGS;
import static twemlab.protocol.NumberField.SIGNED_EXPIRY;

import java.util.List;
import java.util.Locale;

/// The memcached commands of the text protocol that twemproxy forwards: one row each.
///
/// After the key come the numbers of the row. A row with [NumberField#BYTES] has a data block, and
/// every command that changes something may carry `noreply`.
///
/// Source: memcached, doc/protocol.txt; `memcache_parse_req` (nc_memcache.c).
@SuppressWarnings("ImmutableEnumChecker") // nobody else has the array `numbers`
public enum MemcacheCommand implements Command {
  GET(EVERY, false),
  GETS(EVERY, false),
  SET(FIRST, true, FLAGS, EXPIRY, BYTES),
  ADD(FIRST, true, FLAGS, EXPIRY, BYTES),
  REPLACE(FIRST, true, FLAGS, EXPIRY, BYTES),
  APPEND(FIRST, true, FLAGS, EXPIRY, BYTES),
  PREPEND(FIRST, true, FLAGS, EXPIRY, BYTES),
  CAS(FIRST, true, FLAGS, EXPIRY, BYTES, CAS_UNIQUE),
  INCR(FIRST, true, DELTA),
  DECR(FIRST, true, DELTA),
  TOUCH(FIRST, true, SIGNED_EXPIRY),
  DELETE(FIRST, true),
  VERSION(NONE, false),
  QUIT(NONE, false);

  private static final MemcacheCommand[] ROWS = values();

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final long packed = PackedWord.low(wireName);
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
    int fields = 1 + (keyShape == NONE ? 0 : 1) + numbers.length;
    this.arity = keyShape == EVERY ? Arity.atLeast(fields) : Arity.exactly(fields);
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
    return keyShape == EVERY ? FanOut.KEYS : FanOut.NONE;
  }

  @Override
  public Gather gather() {
    return keyShape == EVERY ? Gather.VALUES : Gather.NONE;
  }

  @Override
  public Handling handling() {
    return this == QUIT ? Handling.LOCAL : Handling.FORWARD;
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

  int numberCount() {
    return numbers.length;
  }

  NumberField number(int i) {
    return numbers[i];
  }

  /// The row of a packed name of at most eight bytes, or null. Fourteen rows, the most used first.
  static MemcacheCommand find(long packed) {
    for (MemcacheCommand row : ROWS) {
      if (row.packed == packed) {
        return row;
      }
    }
    return null;
  }
}
