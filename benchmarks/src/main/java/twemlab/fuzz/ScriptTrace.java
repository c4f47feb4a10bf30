package twemlab.fuzz;

import java.io.PrintWriter;
import java.util.Locale;
import twemlab.sim.world.Trace;

/// Shows a [Script] as it is played: its lines, and under each what the proxy and the others did.
///
/// ```text
/// client 0 asks "GET a"
///     1.062500  client0   sent to proxy       "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"
///     1.063000  proxy     READ 8 = 20
/// ```
final class ScriptTrace implements Trace.Listener {
  private static final int SHOWN_BYTES = 200;

  private final PrintWriter out;

  ScriptTrace(PrintWriter out) {
    this.out = out;
  }

  /// An action of the script begins.
  void begin(Script.Step step) {
    out.println(ScriptText.line(step));
  }

  @Override
  public void step(Trace.Step step) {
    out.printf(
        Locale.ROOT,
        "%13.6f  %-9s %s %d = %d%s%n",
        step.time() / 1e6,
        step.actor(),
        step.kind(),
        step.descriptor(),
        step.result(),
        delivered(step));
  }

  /// The bytes that arrived, if it is of an arrival.
  private static String delivered(Trace.Step step) {
    if (step.delivery() == null || step.delivery().data() == null) {
      return step.bytes() > 0 ? ", " + step.bytes() + " bytes" : "";
    }
    byte[] bytes = new byte[Math.min(SHOWN_BYTES, step.delivery().data().remaining())];
    step.delivery().data().duplicate().get(bytes);
    return ", " + step.bytes() + " bytes: " + ScriptText.quoted(bytes);
  }
}
