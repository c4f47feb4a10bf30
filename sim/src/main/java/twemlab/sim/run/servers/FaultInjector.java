package twemlab.sim.run.servers;

import java.io.IOException;
import java.util.List;
import twemlab.sim.choice.Choices;

/// Does things to servers, one at a time, at moments drawn from the seed.
public final class FaultInjector {
  /// Learns what is done to which server.
  public interface Watch {
    /// It is about to go away.
    ///
    /// @param kind such as `killed and restarted`
    void goes(ServerProcess server, String kind);

    /// It is back.
    void isBack(ServerProcess server);
  }

  private static final int QUIET_MILLIS_MAX = 4000;
  private static final int AWAY_MILLIS_MAX = 1500;

  private final List<ServerProcess> servers;
  private final Epochs epochs;
  private final Watch watch;
  private final Choices choices;
  private final int timeoutMillis;

  /// An injector; one thread uses it.
  ///
  /// @param epochs of the clients of these servers
  /// @param timeoutMillis of the pools
  public FaultInjector(
      List<ServerProcess> servers, Epochs epochs, Watch watch, Choices choices, int timeoutMillis) {
    this.servers = servers;
    this.epochs = epochs;
    this.watch = watch;
    this.choices = choices;
    this.timeoutMillis = timeoutMillis;
  }

  /// One fault, from the quiet before it to the quiet after it.
  public void once() throws IOException, InterruptedException {
    Thread.sleep(choices.between(100, QUIET_MILLIS_MAX));
    ServerProcess server = choices.pick(servers);
    switch (choices.below(4)) {
      case 0, 1 -> {
        watch.goes(server, "killed and restarted");
        server.kill();
        away();
        server.restart();
      }
      case 2 -> {
        watch.goes(server, "stopped for longer than the timeout");
        server.suspend();
        try {
          Thread.sleep(timeoutMillis);
          away();
        } finally {
          server.resume();
        }
      }
      default -> {
        watch.goes(server, "stopped for a moment");
        server.suspend();
        try {
          away();
        } finally {
          server.resume();
        }
      }
    }
    watch.isBack(server);
    Thread.sleep(choices.between(10, AWAY_MILLIS_MAX));
    // Only now may requests without reply be sent again.
    epochs.advance();
  }

  /// The clients change their keys while the server is away.
  private void away() throws InterruptedException {
    Thread.sleep(choices.below(AWAY_MILLIS_MAX));
    epochs.advance();
  }
}
