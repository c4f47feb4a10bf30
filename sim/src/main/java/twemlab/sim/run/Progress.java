package twemlab.sim.run;

import java.io.PrintStream;
import twemlab.proxy.tool.Launch;

/// A progress bar of one line, drawn over itself; on a terminal only.
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 40;

  private final PrintStream out;
  private final String title;
  private final boolean shown;

  /// A bar on stderr, silent when the process has no terminal.
  public Progress(String title) {
    this(title, System.err, Launch.onTerminal());
  }

  Progress(String title, PrintStream out, boolean shown) {
    this.out = out;
    this.title = title;
    this.shown = shown;
  }

  /// Draws it anew.
  public void show(long done, long all) {
    show(done, all, "");
  }

  /// The same with a text behind it: what is being done.
  public void show(long done, long all, String what) {
    if (shown) {
      int filled = (int) (WIDTH * Math.min(done, all) / all);
      String bar = "#".repeat(filled) + ".".repeat(WIDTH - filled);
      out.print("\r" + title + " [" + bar + "] " + done + "/" + all + " " + what + "\u001b[K");
      out.flush();
    }
  }

  /// Takes the line away.
  @Override
  public void close() {
    if (shown) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
