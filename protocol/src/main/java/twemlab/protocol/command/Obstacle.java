package twemlab.protocol.command;

/// Why the proxy cannot do a command that redis has. The text ends a sentence for whoever sent it.
public enum Obstacle {
  /// There is none.
  NONE(""),
  TRANSACTION("a transaction needs a server connection of its own"),
  BLOCKING("it would hold up everybody who shares the server connection"),
  SUBSCRIPTION("messages that answer no request have no place on a shared server connection"),
  HIDDEN_KEYS("which of its arguments are keys cannot be told from their places"),
  ONE_SERVER("it concerns one server, which can be asked directly");

  private final String text;

  Obstacle(String text) {
    this.text = text;
  }

  /// The reason, without a full stop.
  public String text() {
    return text;
  }
}
