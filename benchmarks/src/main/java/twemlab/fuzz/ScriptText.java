package twemlab.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import twemlab.fuzz.ScriptAction.Actor;
import twemlab.fuzz.ScriptAction.Payload;

/// [Script]s as text: a line for the set-up, a line for each action, and comments.
///
/// ```text
/// # HELLO takes any number of arguments.
/// set-up: redis password mbuf=512
/// client 0 sends "*1\r\n$4\r\nPING\r\n"
/// client 0 again 1023
/// server 1 says ":-1\r\n"
/// wait 500
/// ```
///
/// In quotes, `\r`, `\n`, `\"`, `\\` and `\xHH` stand for bytes, but for 0x7f; all others are what
/// they are in ISO 8859-1.
final class ScriptText {
  private static final String SETUP = "set-up:";

  private ScriptText() {}

  /// The script of a text.
  ///
  /// @throws IllegalArgumentException with the line that is not understood
  static Script parse(String text) {
    ScriptSetup setup = ScriptSetup.parse("");
    List<Script.Step> steps = new ArrayList<>();
    for (String each : text.lines().toList()) {
      String line = each.strip();
      try {
        if (line.startsWith(SETUP)) {
          setup = ScriptSetup.parse(line.substring(SETUP.length()));
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          steps.add(step(line));
        }
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new IllegalArgumentException("not a line of a script: " + line, e);
      }
    }
    return new Script(setup, List.copyOf(steps));
  }

  private static Script.Step step(String line) {
    Actor actor =
        line.startsWith("client ")
            ? Actor.CLIENT
            : line.startsWith("server ") ? Actor.SERVER : Actor.WORLD;
    String[] words = line.split(" ", actor == Actor.WORLD ? 2 : 4);
    int at = actor == Actor.WORLD ? 0 : 2;
    int who = actor == Actor.WORLD ? 0 : Integer.parseInt(words[1]);
    ScriptAction action = action(actor, words[at]);
    String rest = words.length > at + 1 ? words[at + 1].strip() : "";
    if (who < 0 || who > 3 || rest.isEmpty() != (action.payload() == Payload.NONE)) {
      throw new IllegalArgumentException(line);
    }
    return new Script.Step(action, who, action.payload() == Payload.BYTES ? unquoted(rest) : rest);
  }

  private static ScriptAction action(Actor actor, String word) {
    return Arrays.stream(ScriptAction.values())
        .filter(action -> action.actor() == actor && action.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word));
  }

  private static String unquoted(String quoted) {
    int end = quoted.length() - 1;
    if (end < 1 || quoted.charAt(0) != '"' || quoted.charAt(end) != '"') {
      throw new IllegalArgumentException(quoted);
    }
    StringBuilder bytes = new StringBuilder();
    int i = 1;
    while (i < end) {
      char c = quoted.charAt(i++);
      if (c != '\\') {
        bytes.append(c);
        continue;
      }
      char escaped = quoted.charAt(i++);
      switch (escaped) {
        case 'r' -> bytes.append('\r');
        case 'n' -> bytes.append('\n');
        case 'x' -> {
          bytes.append(said(Integer.parseInt(quoted.substring(i, i + 2), 16)));
          i += 2;
        }
        case '"', '\\' -> bytes.append(escaped);
        default -> throw new IllegalArgumentException(quoted);
      }
    }
    return bytes.toString();
  }

  private static char said(int b) {
    if (b == 0x7f) {
      throw new IllegalArgumentException("0x7f cannot be said");
    }
    return (char) b;
  }

  /// The text of a script, as [#parse] takes it.
  static String of(Script script) {
    StringBuilder text = new StringBuilder().append(SETUP).append(' ').append(script.setup());
    for (Script.Step step : script.steps()) {
      text.append('\n').append(line(step));
    }
    return text.append('\n').toString();
  }

  static String line(Script.Step step) {
    ScriptAction action = step.action();
    String who =
        switch (action.actor()) {
          case CLIENT -> "client " + step.who() + " ";
          case SERVER -> "server " + step.who() + " ";
          case WORLD -> "";
        };
    return who
        + action.word()
        + switch (action.payload()) {
          case NONE -> "";
          case NUMBER -> " " + step.number();
          case BYTES -> " " + quoted(step.bytes());
        };
  }

  /// Bytes as they stand in a script.
  static String quoted(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (byte b : bytes) {
      switch (b) {
        case '\r' -> text.append("\\r");
        case '\n' -> text.append("\\n");
        case '"', '\\' -> text.append('\\').append((char) b);
        default -> {
          if (b < ' ') {
            text.append(String.format("\\x%02x", b & 0xff));
          } else {
            text.append((char) b);
          }
        }
      }
    }
    return text.append('"').toString();
  }
}
