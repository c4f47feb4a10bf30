package twemlab.event.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import twemlab.event.kernel.Errno;

/// Answers that calls give instead of being made: scripted errors, by the name of the call, and an
/// interruption of every other call. Each is an answer that a real kernel may give at that moment.
public final class Faults {
  private final Map<String, Deque<Integer>> scripts = new HashMap<>();
  private final Map<String, Boolean> interruptedLast = new HashMap<>();
  private boolean interrupting;
  private int interruptions;

  /// The next calls of a name answer these errors, one each.
  public void script(String call, Errno... errnos) {
    Deque<Integer> script = scripts.computeIfAbsent(call, _ -> new ArrayDeque<>());
    for (Errno errno : errnos) {
      script.add(errno.result());
    }
  }

  /// Whether every other call is interrupted by a signal.
  public void interrupt(boolean on) {
    interrupting = on;
  }

  /// How many calls were interrupted.
  public int interruptions() {
    return interruptions;
  }

  /// Errors that were scripted and not yet asked for.
  public int left(String call) {
    Deque<Integer> script = scripts.get(call);
    return script == null ? 0 : script.size();
  }

  /// What is left of a script is not played.
  public void forget(String call) {
    scripts.remove(call);
  }

  /// What a call answers without being made, or null to make it.
  Integer answer(String call) {
    Integer scripted = scripted(call);
    return scripted == null && interrupted(call) ? (Integer) Errno.EINTR.result() : scripted;
  }

  /// The same for a call that no signal interrupts.
  Integer scripted(String call) {
    Deque<Integer> script = scripts.get(call);
    return script == null ? null : script.poll();
  }

  /// Whether this call is interrupted.
  boolean interrupted(String call) {
    if (!interrupting) {
      return false;
    }
    boolean now = !interruptedLast.getOrDefault(call, false);
    interruptedLast.put(call, now);
    if (now) {
      interruptions++;
    }
    return now;
  }
}
