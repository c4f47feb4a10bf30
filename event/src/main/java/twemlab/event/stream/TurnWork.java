package twemlab.event.stream;

import java.util.Arrays;

/// What a transport has still to do without an event: the work lists of a turn.
///
/// ```text
/// list      its channels                             what is done with it, and when
/// pending   a call has a callback to make            delivered, before each flush
/// dirty     a channel has something to send          written by the flush, servers first
/// re-arm    a budget stopped it                      served in the next turn, without a wait
/// starving  a listener has no descriptor left        tries again when one is closed
/// ```
///
/// Who is on the re-arm list is served from it alone, after the fresh events, so that nobody has
/// two budgets in a turn. The lists grow and never shrink: nothing is allocated for a message.
public final class TurnWork {
  /// Connections handled between two flushes, so that the first of a large batch are not answered
  /// last.
  public static final int FLUSH_INTERVAL = 64;

  private final ChannelList<StreamChannel> pending = new ChannelList<>();
  private final ChannelList<StreamChannel> dirtyServers = new ChannelList<>();
  private final ChannelList<StreamChannel> dirtyClients = new ChannelList<>();

  /// Served in this turn, put there in earlier ones.
  private TurnEntry[] due = new TurnEntry[64];

  private int dueCount;

  /// To be served in the next turn.
  private TurnEntry[] rearmed = new TurnEntry[64];

  private int rearmedCount;
  private StreamListener[] starving = new StreamListener[0];
  private int sinceFlush;
  private boolean flushSoon;

  /// Counts turns, for budgets.
  private long turn;

  private boolean closed;

  /// Whether a wait would delay work that is due.
  public boolean isWaiting() {
    return dueCount + rearmedCount > 0 || !pending.isEmpty() || !dirtyIsEmpty();
  }

  /// Has a channel deliver what it owes, later in this turn.
  public void later(StreamChannel channel) {
    pending.add(channel);
  }

  /// Delivers what is owed.
  public void deliverPending() {
    for (StreamChannel channel = pending.poll(); channel != null; channel = pending.poll()) {
      channel.deliverPending();
    }
  }

  /// Has an entry served in the next turn, which will not wait.
  void rearm(TurnEntry entry) {
    if (rearmedCount == rearmed.length) {
      rearmed = Arrays.copyOf(rearmed, rearmedCount * 2);
    }
    rearmed[rearmedCount++] = entry;
  }

  /// Serves channels that a budget stopped in earlier turns.
  public void serveRearmed() {
    int count = dueCount;
    dueCount = 0;
    for (int i = 0; i < count && !closed; i++) {
      TurnEntry entry = due[i];
      due[i] = null;
      entry.onRearmed();
      if (flushSoon) {
        flush();
      }
    }
  }

  /// Ends the turn: what it put on the re-arm list is due in the next one.
  public void endTurn() {
    turn++;
    if (dueCount == 0) {
      TurnEntry[] served = due;
      due = rearmed;
      rearmed = served;
      dueCount = rearmedCount;
      rearmedCount = 0;
    }
  }

  /// The number of this turn.
  long turn() {
    return turn;
  }

  /// Has a channel written at the next flush.
  void dirty(StreamChannel channel, boolean server) {
    (server ? dirtyServers : dirtyClients).add(channel);
  }

  private boolean dirtyIsEmpty() {
    return dirtyServers.isEmpty() && dirtyClients.isEmpty();
  }

  /// Has the dirty channels written before the rest of the batch.
  public void flushSoon() {
    flushSoon = true;
  }

  /// An event of a batch was handled: flushes if it is time to.
  public void handled() {
    if (flushSoon || ++sinceFlush >= FLUSH_INTERVAL) {
      flush();
    }
  }

  /// Makes pending callbacks and writes the dirty channels, until none is left.
  // tag::flush[]
  public void flush() {
    sinceFlush = 0;
    do {
      deliverPending();
      write(dirtyServers);
      write(dirtyClients);
    } while (!dirtyIsEmpty() || !pending.isEmpty());
    flushSoon = false;
  }

  // end::flush[]

  private static void write(ChannelList<StreamChannel> dirty) {
    for (StreamChannel channel = dirty.poll(); channel != null; channel = dirty.poll()) {
      channel.flush();
    }
  }

  /// A listener waits for a descriptor to be closed.
  void starving(StreamListener listener) {
    starving = Arrays.copyOf(starving, starving.length + 1);
    starving[starving.length - 1] = listener;
  }

  /// A listener waits no longer.
  void fed(StreamListener listener) {
    starving =
        Arrays.stream(starving)
            .filter(other -> !other.equals(listener))
            .toArray(StreamListener[]::new);
  }

  /// A descriptor was closed: the listeners that had none try again.
  public void descriptorClosed() {
    for (StreamListener listener : starving) {
      listener.feed();
    }
  }

  /// Closes everything that a transport has, without a call to a handler.
  public void close(ChannelTable<?> table) {
    closed = true;
    for (int slot = 0; slot < table.slotLimit(); slot++) {
      switch (table.at(slot)) {
        case StreamChannel channel -> channel.closeNow();
        case StreamListener listener -> listener.close();
        case null, default -> {}
      }
    }
    for (StreamChannel channel = pending.poll(); channel != null; channel = pending.poll()) {
      channel.closeNow();
    }
  }
}
