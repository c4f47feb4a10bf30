package twemlab.fuzz;

import java.util.Locale;

/// What can happen in a [Script]: who does it, and what follows the word.
///
/// The order is the order of the codes in an input: new actions go to the end, or the inputs that
/// were kept mean something else.
enum ScriptAction {
  /// Bytes as they are, in one piece.
  SENDS(Actor.CLIENT, Payload.BYTES),
  /// A well-formed request of the words: an array of bulks, or a memcached line; behind a memcached
  /// command that stores, the last word is the data.
  ASKS(Actor.CLIENT, Payload.BYTES),
  /// The bytes one at a time, a turn of the loop behind each.
  DRIPS(Actor.CLIENT, Payload.BYTES),
  /// What it sent or asked last, so many times more, in one piece.
  AGAIN(Actor.CLIENT, Payload.NUMBER),
  /// The end of its stream; it still reads.
  ENDS(Actor.CLIENT, Payload.NONE),
  /// A close at once, as of a process that ends.
  LEAVES(Actor.CLIENT, Payload.NONE),
  RESETS(Actor.CLIENT, Payload.NONE),
  /// It reads no more, until it [#READS].
  STALLS(Actor.CLIENT, Payload.NONE),
  READS(Actor.CLIENT, Payload.NONE),
  /// Bytes as they are on each of its connections: in place of the oldest reply that it holds back,
  /// or else without having been asked.
  SAYS(Actor.SERVER, Payload.BYTES),
  /// It keeps its replies to itself, until it [#ANSWERS].
  HOLDS(Actor.SERVER, Payload.NONE),
  /// So many of the replies that it holds back; 0: all, and from here on at once.
  ANSWERS(Actor.SERVER, Payload.NUMBER),
  /// Its connections end, in order.
  HANGS_UP(Actor.SERVER, Payload.NONE),
  /// Its connections are reset.
  BREAKS(Actor.SERVER, Payload.NONE),
  /// It reads no more, until it [#LISTENS].
  PAUSES(Actor.SERVER, Payload.NONE),
  /// It accepts no more connections, until it [#LISTENS].
  REFUSES(Actor.SERVER, Payload.NONE),
  LISTENS(Actor.SERVER, Payload.NONE),
  /// So many milliseconds pass.
  WAIT(Actor.WORLD, Payload.NUMBER),
  /// The next action happens before the loop turns again.
  TOGETHER(Actor.WORLD, Payload.NONE),
  /// The proxy is asked to end in order. What is owed is still answered.
  TERM(Actor.WORLD, Payload.NONE);

  /// Who acts.
  enum Actor {
    CLIENT,
    SERVER,
    WORLD
  }

  /// What follows the word.
  enum Payload {
    NONE,
    NUMBER,
    BYTES
  }

  private final Actor actor;
  private final Payload payload;

  ScriptAction(Actor actor, Payload payload) {
    this.actor = actor;
    this.payload = payload;
  }

  Actor actor() {
    return actor;
  }

  Payload payload() {
    return payload;
  }

  /// The word in a script, such as `hangs-up`.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
