package twemlab.sim.run.differential;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// A piece of a client's bytes, at most one request long, and what the two proxies make of it.
///
/// @param bytes as the client sends them
/// @param treatment by the two
/// @param rule that explains a difference, or null if there is none
/// @param ours what ours must answer, as a regular expression; null: what nutcracker answers
/// @param substitute what nutcracker is sent instead, or null
/// @param translate makes of nutcracker's answer to the substitute what ours must answer
record Item(
    String bytes,
    Treatment treatment,
    Rule rule,
    String ours,
    String substitute,
    UnaryOperator<String> translate) {

  /// What becomes of a piece.
  enum Treatment {
    /// Both do the same, whatever it is.
    SAME,
    /// Both read nothing more after it: a client's `quit`.
    ENDS,
    /// The beginning of a request: both drop it when the client ends.
    INCOMPLETE,
    /// nutcracker closes without a word; ours answers and goes on.
    OURS_ANSWERS,
    /// nutcracker closes without a word; ours answers and closes.
    OURS_ANSWERS_AND_CLOSES,
    /// nutcracker takes it, or a part of it; ours answers an error and closes.
    OURS_CLOSES,
    /// nutcracker takes it, or a part of it; ours answers an error and goes on.
    OURS_REFUSES,
    /// Both answer, each in its own way.
    BOTH_ANSWER,
    /// nutcracker closes; ours does with it what nutcracker does with the substitute.
    OURS_FORWARDS,
    /// Both answer the same error; nutcracker may close behind it.
    NUTCRACKER_MAY_CLOSE
  }

  static Item same(String bytes) {
    return new Item(bytes, Treatment.SAME, null, null, null, null);
  }

  static Item of(String bytes, Treatment treatment, Rule rule, String ours) {
    return new Item(bytes, treatment, rule, ours, null, null);
  }

  /// nutcracker closes, ours answers this text.
  static Item answered(String bytes, Rule rule, String ours) {
    return of(bytes, Treatment.OURS_ANSWERS, rule, Pattern.quote(ours));
  }

  /// Whether nothing after it is read by ours.
  boolean endsOurs() {
    return switch (treatment) {
      case ENDS, OURS_ANSWERS_AND_CLOSES, OURS_CLOSES -> true;
      default -> false;
    };
  }
}
