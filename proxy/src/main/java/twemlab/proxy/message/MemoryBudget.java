package twemlab.proxy.message;

import twemlab.event.mbuf.MbufPool;

/// The one budget of memory for the whole process: how many mbufs and messages are in use, how many
/// may be, and who may have more.
///
/// An mbuf counts as a whole for as long as anybody holds a range of it, be it a request, a reply,
/// a transport's buffer or a queue for sending. So use is what the pool says, exactly.
///
/// ```text
///  0 ─────────────────── 1/2 ─────────────────── 7/8 ──── 15/16 ─ limit
///    whoever wants          one unfinished request           whoever is
///    more, by his share     at a time; replies               owed most is
///                                                            closed
/// ```
///
/// **Shares.** A client is read from only while it holds less than is free below the half. This is
/// the dynamic threshold of A. K. Choudhury and E. L. Hahne ("Dynamic queue length thresholds for
/// shared-memory packet switches", IEEE/ACM Transactions on Networking 6(2), 1998): when n clients
/// want all they can get, each has 1/(n + 1) of the half, and as much stays free, so that whoever
/// holds little is served at once. Who holds most stops first. A server's queue has its share in
/// the same way: a client that has asked a server whose queue is over it waits, whether or not
/// those who filled the queue are still there.
///
/// **The reserve.** The other half is for replies, which cannot be refused once they were asked
/// for, and for one unfinished request at a time: those whose requests are only partly here might
/// otherwise hold everything together, and none of them would ever be whole. See
/// [twemlab.proxy.WaitingClients].
///
/// **The end of it.** When even the reserve is used up by replies, the client that is owed most is
/// closed, as redis does with `maxmemory-clients`. Nothing else dies.
///
/// One loop's thread.
public final class MemoryBudget {
  private final MbufPool mbufs;
  private final MsgPool msgs;
  private final MemoryLimits limits;

  public MemoryBudget(MbufPool mbufs, MsgPool msgs, MemoryLimits limits) {
    this.mbufs = mbufs;
    this.msgs = msgs;
    this.limits = limits;
  }

  MemoryLimits limits() {
    return limits;
  }

  /// Bytes in use.
  public long usedBytes() {
    return (long) mbufs.used() * mbufs.mbufBytes();
  }

  /// The most bytes that may be in use.
  public long limitBytes() {
    return (long) limits.mbufs() * mbufs.mbufBytes();
  }

  /// Whether a client that holds so much may have more.
  ///
  /// @param heldMbufs by the client, or of the queue
  /// @param heldMessages likewise
  public boolean grants(long heldMbufs, int heldMessages) {
    return heldMbufs < limits.mbufs() / 2 - mbufs.used()
        && heldMessages < limits.messages() / 2 - msgs.used();
  }

  /// Whether a waiting client may go on: later than [#grants], so that it does not alternate.
  public boolean grantsAgain(long heldMbufs, int heldMessages) {
    return grants(2 * heldMbufs + limits.mbufs() / 32, 2 * heldMessages + limits.messages() / 32);
  }

  /// Whether nothing is left of the half that is shared out.
  public boolean isExhausted() {
    return !grants(0, 0);
  }

  /// The same for a server's queue.
  public boolean grantsQueue(long bytes, int messages) {
    return grants(bytes / mbufs.mbufBytes(), messages);
  }

  /// Whether the one unfinished request that may use the reserve can go on.
  public boolean grantsReserve() {
    return mbufs.used() < limits.mbufs() / 8 * 7 && msgs.used() < limits.messages() / 8 * 7;
  }

  /// The longest request: with less than half in use, as much fits into the reserve.
  public int longestRequest() {
    return Math.clamp(limitBytes() / 8 * 3, 1, Integer.MAX_VALUE);
  }

  /// Bytes in use beyond what replies may take; 0 or less if there is room.
  public long excessBytes() {
    return usedBytes() - limitBytes() / 16 * 15;
  }
}
