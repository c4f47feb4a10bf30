package twemlab.sim.run.differential.mirror;

/// What a [MirrorServer] does instead of answering, asked for by a word in the request's first key:
/// so the client's bytes alone say where a server misbehaves, and no clock has a part in it.
public enum Fault {
  NONE(""),
  /// Ends the connection.
  END("!fin"),
  /// Begins a reply, then ends the connection.
  PART("!part"),
  /// Resets the connection.
  RESET("!rst"),
  /// Answers what is no reply of the protocol.
  GARBAGE("!bad"),
  /// Answers twice.
  STRAY("!stray"),
  /// Answers when the pool's timeout has passed, but not twice the timeout.
  LATE("!late"),
  /// redis is out of memory.
  OOM("!oom"),
  /// redis runs a script.
  BUSY("!busy"),
  /// redis reads its data.
  LOADING("!loading"),
  /// A reply of another type than the request asks for.
  OTHER_TYPE("!type");

  public final String word;

  Fault(String word) {
    this.word = word;
  }

  public static Fault of(String key) {
    for (Fault fault : values()) {
      if (fault != NONE && key.contains(fault.word)) {
        return fault;
      }
    }
    return NONE;
  }
}
