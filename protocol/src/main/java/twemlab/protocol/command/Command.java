package twemlab.protocol.command;

/// One row of a command table: everything that a parser and the proxy must know of a command.
public sealed interface Command permits RedisCommand, MemcacheCommand {
  /// The name in lower case, as it is written into a fragment.
  String wireName();

  /// How many elements a request has, its name included.
  Arity arity();

  /// Which of the elements are keys.
  KeyShape keyShape();

  /// How a request of several keys is divided among the servers.
  FanOut fanOut();

  /// How the replies to the fragments become one reply.
  Gather gather();

  /// What the proxy does with the request.
  Handling handling();

  /// Who writes the reply.
  Author author();
}
