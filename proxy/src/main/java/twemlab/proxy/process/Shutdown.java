package twemlab.proxy.process;

import java.util.concurrent.atomic.AtomicBoolean;
import twemlab.event.EventLoop;
import twemlab.proxy.log.Log;

/// What each signal does; C counterpart the table `signals` of nc_signal.c.
///
/// SIGINT and SIGTERM ask for an orderly end; a second one ends the process at once.
final class Shutdown {
  private final EventLoop loop;
  private final Log log;
  private final AtomicBoolean asked = new AtomicBoolean();

  private volatile Runnable atOnce = () -> {};

  Shutdown(EventLoop loop, Log log) {
    this.loop = loop;
    this.log = log;
  }

  /// Installs the handlers.
  void install() {
    on("USR1", "", () -> {});
    on("USR2", "", () -> {});
    on("TTIN", ", up logging level", log::levelUp);
    on("TTOU", ", down logging level", log::levelDown);
    on("HUP", ", reopening log file", this::reopenLog);
    on("INT", ", exiting", this::ask);
    on("TERM", ", exiting", this::ask);
  }

  private void on(String name, String action, Runnable effect) {
    Signals.handle(
        name,
        number -> {
          log.signal("signal " + number + " (SIG" + name + ") received" + action);
          effect.run();
        });
  }

  /// nutcracker reports a failure on stderr, because it has no log then.
  private void reopenLog() {
    log.reopen().ifPresent(problem -> System.err.println(Log.SIGNAL_TIME + problem));
  }

  private void ask() {
    if (!asked.compareAndSet(false, true)) {
      atOnce.run();
      Runtime.getRuntime().halt(1);
    }
    loop.transport().wake();
  }

  /// What is still done when a second signal ends the process at once, on the thread of the signal.
  void beforeHalt(Runnable action) {
    atOnce = action;
  }

  /// Whether the end was asked for.
  boolean asked() {
    return asked.get();
  }
}
