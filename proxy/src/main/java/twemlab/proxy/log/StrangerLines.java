package twemlab.proxy.log;

import java.util.List;

/// Every line of the log that clients or servers can cause at will, each kind with a limit of its
/// own, so that one does not hide another. What else is logged happens once in the life of a
/// process or is asked for by its operator; [twemlab.proxy.HandlerFailures] has its own limit, for
/// its lines are stacks.
public final class StrangerLines {
  private static final int WHOLE = 5;

  /// Ejections are rare, unless all servers fail together, and each is a server to look after.
  private static final int WHOLE_EJECTIONS = 20;

  public final LimitedLines refusedClients;
  public final LimitedLines closedClients;
  public final LimitedLines wrongReplies;
  public final LimitedLines failedSetups;
  public final LimitedLines closedServers;
  public final LimitedLines ejections;
  private final List<LimitedLines> all;

  public StrangerLines(Log log) {
    refusedClients = new LimitedLines(log, LogLevel.NOTICE, WHOLE, "refused clients");
    closedClients = new LimitedLines(log, LogLevel.WARN, WHOLE, "clients closed");
    wrongReplies = new LimitedLines(log, LogLevel.ALERT, WHOLE, "wrong replies");
    failedSetups = new LimitedLines(log, LogLevel.WARN, WHOLE, "AUTH or SELECT failed");
    closedServers = new LimitedLines(log, LogLevel.INFO, WHOLE, "server connections closed");
    ejections = new LimitedLines(log, LogLevel.WARN, WHOLE_EJECTIONS, "servers ejected");
    all =
        List.of(
            refusedClients, closedClients, wrongReplies, failedSetups, closedServers, ejections);
  }

  /// The end of a turn.
  public void endPeriod(long now) {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).endPeriod(now);
    }
  }

  /// The end of the proxy.
  public void end() {
    all.forEach(LimitedLines::end);
  }
}
