package twemlab.protocol.command;

/// Who writes the reply to a command.
public enum Author {
  /// The server: what it says of itself is so.
  SERVER,
  /// A script that a client sent: it can say anything, errors of the server included.
  SCRIPT
}
