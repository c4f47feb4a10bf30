package twemlab.sim.run.differential;

import java.util.List;
import java.util.function.Function;
import twemlab.sim.run.differential.mirror.MirrorServer;

/// What a client sends without waiting, and what happens to the servers before it does. All that
/// went before is answered then.
///
/// @param pieces its bytes as they are cut
/// @param pauseMillis before the last piece
/// @param action done to the servers first
/// @param ours what ours must answer, given nutcracker's answers to the steps before and to this
///   one; null: what follows from its pieces
/// @param rule why
record Step(
    List<String> pieces,
    int pauseMillis,
    Action action,
    Function<List<String>, String> ours,
    Rule rule) {

  /// Something that befalls the servers.
  interface Action {
    /// Nothing.
    Action NONE = _ -> {};

    /// Does it.
    ///
    /// @param mirrors of the pool
    void on(List<MirrorServer> mirrors);
  }

  static Step of(List<String> pieces) {
    return new Step(pieces, 0, Action.NONE, null, null);
  }

  static Step of(String text) {
    return of(List.of(text));
  }

  Step after(Action befalls) {
    return new Step(pieces, pauseMillis, befalls, ours, rule);
  }

  Step pausing(int millis) {
    return new Step(pieces, millis, action, ours, rule);
  }

  Step explained(Rule by, Function<List<String>, String> answer) {
    return new Step(pieces, pauseMillis, action, answer, by);
  }

  String text() {
    return String.join("", pieces);
  }
}
