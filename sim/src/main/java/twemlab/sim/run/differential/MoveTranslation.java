package twemlab.sim.run.differential;

/// What a mirror says to `MOVE k 1`, made of what it says to `HGET k 1`: both are routed by their
/// key, and the form of the reply depends on the key alone.
final class MoveTranslation {
  private MoveTranslation() {}

  static String of(String text, String name, int hashBefore, int hashAfter) {
    String renamed =
        text.replace(":hget " + hashBefore, ":move " + hashAfter)
            .replace("$4\r\nhget\r\n", "$4\r\n" + name + "\r\n");
    int growth = Integer.toString(hashAfter).length() - Integer.toString(hashBefore).length();
    return growth == 0 ? renamed : lengthened(renamed, hashAfter, growth);
  }

  /// Corrects the length of the bulk string that holds the echo.
  private static String lengthened(String text, int hashAfter, int growth) {
    int echo = text.indexOf(":move " + hashAfter);
    int length = echo < 0 ? -1 : text.lastIndexOf('$', echo);
    if (length < 0) {
      return text;
    }
    int end = text.indexOf('\r', length);
    int number = Integer.parseInt(text.substring(length + 1, end)) + growth;
    return text.substring(0, length + 1) + number + text.substring(end);
  }
}
