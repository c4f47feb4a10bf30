package twemlab.benchmarks;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import twemlab.event.Channel;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.Transport;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;
import twemlab.proxy.Context;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.log.Log;
import twemlab.proxy.log.LogLevel;
import twemlab.proxy.process.Instance;
import twemlab.sim.run.servers.ServerProcess;

/// A proxy, one client and one server on one thread.
final class ForwardingRig implements AutoCloseable {
  private static final byte[] REQUEST = ascii("*2\r\n$3\r\nGET\r\n$5\r\nkey:1\r\n");
  private static final byte[] REPLY = ascii("$5\r\nvalue\r\n");
  private static final int MBUF_BYTES = 16 << 10;

  /// Turns that a batch may take; a loop that forgets a connection ends the benchmark.
  private static final int PATIENCE = 1_000_000;

  private final Kernel kernel = Kernels.host();
  private final MbufPool mbufs = new MbufPool(kernel.memory(), MBUF_BYTES);
  private final EventLoop peers;
  private final Instance proxy;
  private final int pipeline;
  private final Mbuf requests;
  private final Mbuf replies;
  private final Channel client;
  private long requestBytes;
  private long replyBytes;

  ForwardingRig(String backend, int pipeline) throws IOException {
    this.pipeline = pipeline;
    var timers = new TimerWheel(kernel.clock().monotonicNanos());
    var transport = EventBases.EPOLL.open(kernel, 64, mbufs, timers);
    peers = new EventLoop(kernel.clock(), transport, timers, 0);
    requests = repeated(REQUEST);
    replies = repeated(REPLY);
    try {
      var listener =
          transport.listen(Address.loopback(0), Transport.ListenOptions.DEFAULT, _ -> new Server());
      int server = ((Address.Inet) listener.address()).port();
      int port = ServerProcess.freePort();
      proxy = open(backend, port, server);
      client = transport.connect(Address.loopback(port), new Client());
    } catch (Transport.ListenException | ConfException e) {
      throw new IOException(e);
    }
    roundTrip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private Mbuf repeated(byte[] message) {
    Mbuf mbuf = mbufs.take();
    for (int i = 0; i < pipeline; i++) {
      MemorySegment.copy(
          MemorySegment.ofArray(message),
          0,
          mbuf.segment(),
          mbuf.base() + mbuf.last(),
          message.length);
      mbuf.advance(message.length);
    }
    return mbuf;
  }

  private static Instance open(String backend, int port, int server)
      throws ConfException, Transport.ListenException {
    Backend chosen = Backends.byName(Kernels.host(), backend).orElseThrow();
    Kernel kernel = Kernels.host(chosen);
    String conf =
        "bench:\n  listen: 127.0.0.1:%d\n  redis: true\n  servers:\n   - 127.0.0.1:%d:1\n"
            .formatted(port, server);
    Log silent = new Log((_, _) -> {}, LogLevel.of(0), InstantSource.system());
    var settings = new Context.Settings(MBUF_BYTES, 1, Integer.MAX_VALUE);
    return Instance.open(kernel, chosen, 0, ConfFile.parse("bench", conf), settings, silent);
  }

  /// Sends a batch and steps both loops until it is answered.
  void roundTrip() {
    long target = replyBytes + (long) pipeline * REPLY.length;
    requests.retain();
    client.send(requests, 0, requests.last());
    for (int turns = 0; replyBytes < target; turns++) {
      if (turns == PATIENCE) {
        throw new IllegalStateException("no reply");
      }
      peers.runOnce();
      proxy.loop().runOnce();
    }
  }

  /// System calls of the proxy so far.
  long systemCalls() {
    return proxy.kernel().counts().total();
  }

  @Override
  public void close() {
    proxy.close();
    requests.release();
    replies.release();
    peers.close();
    mbufs.close();
    kernel.close();
  }

  /// Answers as many requests as have come whole.
  private final class Server extends Peer {
    @Override
    public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
      long before = requestBytes / REQUEST.length;
      requestBytes += to - from;
      int whole = (int) (requestBytes / REQUEST.length - before);
      if (whole > 0) {
        replies.retain();
        channel.send(replies, 0, whole * REPLY.length);
      }
      return to;
    }
  }

  private final class Client extends Peer {
    @Override
    public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
      replyBytes += to - from;
      return to;
    }
  }

  private abstract static class Peer implements Channel.Handler {
    @Override
    public void onConnected(Channel channel) {}

    @Override
    public void onWritable(Channel channel) {}

    @Override
    public void onEnd(Channel channel) {}

    @Override
    public void onClosed(Channel channel, Errno errno) {
      throw new IllegalStateException("a connection of the benchmark failed: " + errno.text());
    }
  }
}
