package twemlab.proxy.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.PrintStream;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.StackLines;

/// What a process says that ends because something is wrong with itself: the stack when it happens,
/// and the reason as the last line of its log, after all is closed.
///
/// The reason may be that no memory is left, so some is kept until then.
final class LastWords {
  private static final int RESERVE_BYTES = 1 << 20;

  private final Log log;

  /// Told too, unless it is where the log goes.
  private final PrintStream errors;

  private byte[] reserve = new byte[RESERVE_BYTES];
  private final byte[] noMemory = "nutcracker ends: no memory to say why\n".getBytes(US_ASCII);

  /// @param errors null if the log goes to stderr
  LastWords(Log log, PrintStream errors) {
    this.log = log;
    this.errors = errors;
  }

  /// Something went wrong: says where, before anything is closed.
  void stack(Throwable failure) {
    reserve = null;
    try {
      StackLines.print(log, "the proxy fails", failure);
    } catch (VirtualMachineError _) {
      // The last line still says what it was.
    }
  }

  /// Everything is closed.
  void reason(Throwable failure) {
    reserve = null;
    try {
      String line = "nutcracker ends: " + StackLines.oneLine(failure);
      if (errors != null) {
        errors.println(line);
      }
      log.always(line);
    } catch (VirtualMachineError _) {
      log.bytes(noMemory);
    }
  }

  /// Bytes that are kept for the end.
  int reserved() {
    return reserve == null ? 0 : reserve.length;
  }
}
