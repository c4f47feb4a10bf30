package twemlab.proxy.message;

import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufPool;

/// What one client's requests and undelivered replies hold: their number, their bytes, and the
/// mbufs that they keep, which is what [MemoryBudget] shares out.
///
/// A range keeps its whole mbuf. One is counted for each range that lies in another mbuf than the
/// client's last request or reply did, so that a pipeline which came in one piece counts once. When
/// the count is far above the bytes, the client's ranges are copied together ([#compact]): 1,000
/// short replies that came among many others' would keep 1,000 mbufs otherwise, for as long as the
/// client is blocked.
///
/// One loop's thread.
public final class HeldMemory {
  /// So many mbufs are not worth copying.
  private static final int FEW = 64;

  /// How much memory may be held for each byte.
  private static final int WASTE = 4;

  private final MbufPool pool;
  private long bytes;
  private int pins;
  private int noreply;

  /// Where the last range counted lies, of requests and of replies.
  private Mbuf lastRequest;

  private Mbuf lastReply;

  public HeldMemory(MbufPool pool) {
    this.pool = pool;
  }

  /// Bytes of requests and undelivered replies.
  public long bytes() {
    return bytes;
  }

  /// Mbufs held.
  public int pins() {
    return pins;
  }

  /// Requests without reply that have not been sent and answered yet.
  public int noreply() {
    return noreply;
  }

  /// The client has one more request outstanding.
  public void requested(Msg msg) {
    msg.requestBytes = msg.request.length();
    bytes += msg.requestBytes;
    msg.pins(countRequest(msg.request));
    pins += msg.pins();
  }

  /// The client has one more request outstanding that has no reply.
  public void requestedNoreply(Msg msg) {
    noreply++;
    requested(msg);
  }

  /// A request has a reply.
  ///
  /// @param waits whether others must be sent before it
  public void replied(Msg msg, boolean waits) {
    bytes += msg.reply.length();
    if (!waits) {
      return;
    }
    int counted = countReply(msg.reply);
    pins += counted;
    msg.pins(msg.pins() + counted);
  }

  /// A request is done with, and the reply that was counted with it.
  public void done(Msg msg) {
    bytes -= msg.requestBytes + msg.reply.length();
    pins -= msg.pins();
    msg.pins(0);
  }

  /// A request without reply is done with.
  public void noreplyDone(Msg msg) {
    noreply--;
    bytes -= msg.requestBytes;
    pins -= msg.pins();
    msg.pins(0);
  }

  private int countRequest(MbufChain chain) {
    int ranges = chain.rangeCount();
    if (ranges == 0) {
      return 0;
    }
    int same = chain.mbuf(0) == lastRequest ? 1 : 0;
    lastRequest = chain.mbuf(ranges - 1);
    return ranges - same;
  }

  private int countReply(MbufChain chain) {
    int ranges = chain.rangeCount();
    if (ranges == 0) {
      return 0;
    }
    int same = chain.mbuf(0) == lastReply ? 1 : 0;
    lastReply = chain.mbuf(ranges - 1);
    return ranges - same;
  }

  /// Whether much more is held than the bytes need.
  public boolean isWasteful() {
    return pins > FEW && (long) pins * pool.mbufBytes() > WASTE * bytes;
  }

  /// Copies together what the queue's messages hold in pieces. What is being received is left as it
  /// is.
  ///
  /// @param together an empty chain, and empty again afterwards
  public void compact(MsgQueue queue, MbufChain together) {
    int copyBelow = pool.mbufBytes() / 2;
    lastRequest = null;
    lastReply = null;
    for (int i = 0; i < queue.size(); i++) {
      Msg msg = queue.get(i);
      if (msg.division != null && !msg.division.mayMove()) {
        continue;
      }
      pins -= msg.pins();
      msg.request.moveBehind(together, copyBelow);
      msg.pins(countRequest(msg.request));
      if (msg.isDone()) {
        msg.reply.moveBehind(together, copyBelow);
        msg.pins(msg.pins() + countReply(msg.reply));
      }
      pins += msg.pins();
    }
    together.clear();
  }
}
