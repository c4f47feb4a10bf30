package twemlab.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Makes a script that breaks the property small: fewer actions, then lower numbers and shorter
/// payloads, as long as it fails in the same way.
final class ScriptShrinker {
  private final Function<Script, String> check;
  private final String failure;
  private Script script;

  private ScriptShrinker(Script script, Function<Script, String> check) {
    this.script = script;
    this.check = check;
    this.failure = check.apply(script);
  }

  /// The smallest script found that fails as the given one does; the same if it does not fail.
  static Script shrink(Script script) {
    return shrink(script, ScriptShrinker::failure);
  }

  /// The same for any check.
  ///
  /// @param check says how a script fails; empty if it does not
  static Script shrink(Script script, Function<Script, String> check) {
    ScriptShrinker shrinker = new ScriptShrinker(script, check);
    if (!shrinker.failure.isEmpty()) {
      int before;
      do {
        before = shrinker.script.encode().length;
        shrinker.dropSteps();
        shrinker.shortenSteps();
      } while (shrinker.script.encode().length < before);
    }
    return shrinker.script;
  }

  /// What goes wrong, without the numbers in it; empty if nothing does.
  private static String failure(Script script) {
    try {
      ProxyCheck.check(script.encode());
      return "";
    } catch (Throwable finding) { // a finding may be any
      return (finding + "").replaceAll("[0-9]+|\".*\"", "N");
    }
  }

  private boolean take(List<Script.Step> steps) {
    Script candidate = new Script(script.setup(), List.copyOf(steps));
    if (!check.apply(candidate).equals(failure)) {
      return false;
    }
    script = candidate;
    return true;
  }

  private void dropSteps() {
    for (int block = script.steps().size(); block > 0; block /= 2) {
      for (int at = 0; at < script.steps().size(); ) {
        List<Script.Step> fewer = new ArrayList<>(script.steps());
        fewer.subList(at, Math.min(fewer.size(), at + block)).clear();
        if (!take(fewer)) {
          at += block;
        }
      }
    }
  }

  private void shortenSteps() {
    for (int i = 0; i < script.steps().size(); i++) {
      switch (script.steps().get(i).action().payload()) {
        case NUMBER -> lower(i);
        case BYTES -> shorten(i);
        case NONE -> replace(i, "");
      }
    }
  }

  private void lower(int i) {
    Script.Step step = script.steps().get(i);
    int fails = step.number();
    for (int holds = 0; fails - holds > 1; ) {
      int middle = (holds + fails) >>> 1;
      if (replace(i, Integer.toString(middle))) {
        fails = middle;
      } else {
        holds = middle;
      }
    }
  }

  private void shorten(int i) {
    for (int block = payload(i).length(); block > 0; block /= 2) {
      for (int at = 0; at < payload(i).length(); ) {
        int end = Math.min(payload(i).length(), at + block);
        if (!replace(i, payload(i).substring(0, at) + payload(i).substring(end))) {
          at += block;
        }
      }
    }
  }

  private String payload(int i) {
    return script.steps().get(i).payload();
  }

  private boolean replace(int i, String payload) {
    List<Script.Step> steps = new ArrayList<>(script.steps());
    Script.Step step = steps.get(i);
    steps.set(i, new Script.Step(step.action(), step.who(), payload));
    return take(steps);
  }
}
