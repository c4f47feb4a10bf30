package twemlab.benchmarks.compare;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import twemlab.event.Channel;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;
import twemlab.protocol.Limits;
import twemlab.protocol.MemcacheRequestParser;
import twemlab.protocol.ParseResult;
import twemlab.protocol.RedisRequestParser;
import twemlab.protocol.RequestParser;

/// The floor of a comparison: a server on the same event loop that finds out where each request
/// ends and answers all of them with the same reply. A proxy does this twice, and more.
final class EchoServer implements Channel.Handler {
  private static final int REPLIES_BYTES = 1 << 20;

  private final RequestParser parser;
  private final Mbuf replies;
  private final int replyBytes;

  private EchoServer(RequestParser parser, Mbuf replies, int replyBytes) {
    this.parser = parser;
    this.replies = replies;
    this.replyBytes = replyBytes;
  }

  /// Serves until the process is ended.
  ///
  /// @param arguments the port, and the name of the case whose replies it gives
  public static void main(String[] arguments) throws Transport.ListenException {
    Case load = Case.named(arguments[1]).orElseThrow();
    byte[] reply = load.reply().getBytes(StandardCharsets.ISO_8859_1);
    Kernel kernel = Kernels.host();
    MbufPool pool = new MbufPool(kernel.memory(), REPLIES_BYTES);
    var timers = new TimerWheel(kernel.clock().monotonicNanos());
    var transport = EventBases.EPOLL.open(kernel, 1024, pool, timers);
    Mbuf replies = replies(pool, reply);
    transport.listen(
        Address.loopback(Integer.parseInt(arguments[0])),
        Transport.ListenOptions.DEFAULT,
        _ -> new EchoServer(parser(load), replies, reply.length));
    EventLoop loop = new EventLoop(kernel.clock(), transport, timers, 100);
    while (true) {
      loop.runOnce(1_000);
    }
  }

  private static RequestParser parser(Case load) {
    Limits limits = Limits.standard();
    return load.redis() ? new RedisRequestParser(limits) : new MemcacheRequestParser(limits);
  }

  /// The reply, as often as it fits.
  private static Mbuf replies(MbufPool pool, byte[] reply) {
    Mbuf mbuf = pool.take();
    for (int i = 0; i < Math.min(256, REPLIES_BYTES / reply.length); i++) {
      MemorySegment.copy(
          MemorySegment.ofArray(reply),
          0,
          mbuf.segment(),
          mbuf.base() + (long) i * reply.length,
          reply.length);
      mbuf.advance(reply.length);
    }
    return mbuf;
  }

  @Override
  public void onConnected(Channel connected) {}

  @Override
  public int onBytes(Channel from, Mbuf mbuf, int start, int end) {
    long limit = mbuf.base() + end;
    long position = mbuf.base() + start;
    int requests = 0;
    while (position < limit) {
      ParseResult result = parser.parse(mbuf.segment(), position, limit);
      position = parser.position();
      if (result == ParseResult.AGAIN) {
        break;
      }
      if (result == ParseResult.ERROR) {
        from.closeNow();
        return end;
      }
      parser.reset();
      requests++;
    }
    int most = replies.last() / replyBytes;
    for (int left = requests; left > 0; left -= most) {
      replies.retain();
      from.send(replies, 0, Math.min(left, most) * replyBytes);
    }
    return end;
  }

  @Override
  public void onWritable(Channel from) {}

  @Override
  public void onEnd(Channel from) {
    from.closeNow();
  }

  @Override
  public void onClosed(Channel from, Errno errno) {}
}
