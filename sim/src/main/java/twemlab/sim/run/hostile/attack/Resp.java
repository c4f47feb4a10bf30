package twemlab.sim.run.hostile.attack;

/// Requests to redis as text: one character is one byte.
public final class Resp {
  private Resp() {}

  /// A whole request.
  public static String request(String... arguments) {
    StringBuilder text = new StringBuilder("*" + arguments.length + "\r\n");
    for (String argument : arguments) {
      text.append(bulk(argument));
    }
    return text.toString();
  }

  /// One argument.
  public static String bulk(String argument) {
    return "$" + argument.length() + "\r\n" + argument + "\r\n";
  }

  /// The beginning of a request of that many arguments.
  public static String head(int arguments, String... first) {
    StringBuilder text = new StringBuilder("*" + arguments + "\r\n");
    for (String argument : first) {
      text.append(bulk(argument));
    }
    return text.toString();
  }
}
