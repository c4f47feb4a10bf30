package twemlab.proxy.message;

import java.lang.foreign.MemorySegment;
import twemlab.event.mbuf.MbufChain;
import twemlab.protocol.Ranges;

/// A chain, as `protocol` sees it, which knows no mbufs. Mutable, so that one serves for many
/// chains.
public final class ChainRanges implements Ranges {
  private MbufChain chain;

  /// Shows another chain, or none.
  public Ranges of(MbufChain next) {
    chain = next;
    return this;
  }

  @Override
  public int count() {
    return chain.rangeCount();
  }

  @Override
  public MemorySegment segment(int i) {
    return chain.mbuf(i).segment();
  }

  @Override
  public long from(int i) {
    return chain.mbuf(i).base() + chain.from(i);
  }

  @Override
  public long to(int i) {
    return chain.mbuf(i).base() + chain.to(i);
  }
}
