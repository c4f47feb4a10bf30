package twemlab.sim.run.demo;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import twemlab.event.Channel;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufChain;
import twemlab.sim.workload.ReplyFramer;
import twemlab.sim.workload.Request;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.workload.Workload;

/// One connection of the demo's traffic: sends a batch, waits for all its replies, checks each
/// against what the workload's model expects, and sends the next.
final class DemoClient implements Channel.Handler {
  private static final int SHOWN = 120;

  private final DemoTraffic traffic;
  private final Workload workload;
  private final Tally tally;
  private final ReplyFramer framer;
  private final MbufChain outgoing = new MbufChain();
  private final Queue<Request> awaited = new ArrayDeque<>();
  private byte[] received = new byte[16 * 1024];
  private long sentNanos;
  private boolean done;

  DemoClient(DemoTraffic traffic, WireProtocol protocol, Workload workload, Tally tally) {
    this.traffic = traffic;
    this.workload = workload;
    this.tally = tally;
    this.framer = new ReplyFramer(protocol);
  }

  @Override
  public void onConnected(Channel channel) {
    sendBatch(channel);
  }

  private void sendBatch(Channel channel) {
    while (awaited.isEmpty()) {
      List<Request> batch = workload.nextBatch(traffic.nowMillis());
      int granted = traffic.grant(batch.size());
      if (granted == 0) {
        finish(channel);
        return;
      }
      // Requests that are not granted are never sent, but they come last, so no other depends on
      // them.
      batch.subList(0, granted).forEach(this::queue);
    }
    sentNanos = traffic.nowNanos();
    outgoing.sendTo(channel);
  }

  private void queue(Request request) {
    byte[] bytes = request.bytes();
    traffic.append(outgoing, bytes);
    tally.requests++;
    if (request.hasReply()) {
      awaited.add(request);
    } else {
      traffic.completed();
    }
  }

  private void finish(Channel channel) {
    done = true;
    outgoing.sendTo(channel);
    channel.closeDrained();
    traffic.finished();
  }

  @Override
  public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
    int count = to - from;
    if (count > received.length) {
      received = new byte[count];
    }
    MemorySegment.copy(mbuf.segment(), JAVA_BYTE, mbuf.base() + from, received, 0, count);
    framer.append(received, 0, count);
    try {
      check();
    } catch (IllegalStateException e) {
      fail(channel, "no reply of the protocol: " + e.getMessage());
      return to;
    }
    if (awaited.isEmpty() && !done) {
      sendBatch(channel);
    }
    return to;
  }

  private void check() {
    long now = traffic.nowNanos();
    for (byte[] reply = framer.next(); reply != null; reply = framer.next()) {
      Request request = awaited.poll();
      if (request == null) {
        tally.wrong("a reply to nothing: " + shown(reply));
        continue;
      }
      tally.reply(now - sentNanos);
      if (workload.judge(request, reply) != Workload.Verdict.MATCH) {
        String expected = shown(request.expected().reply());
        tally.wrong(shown(request.bytes()) + " got " + shown(reply) + ", not " + expected);
      }
      traffic.completed();
    }
  }

  private static String shown(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String start = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    return '"' + start.replace("\r", "\\r").replace("\n", "\\n") + '"';
  }

  private void fail(Channel channel, String why) {
    tally.wrong(why);
    done = true;
    if (channel.open()) {
      channel.closeNow();
    }
    traffic.finished();
  }

  @Override
  public void onEnd(Channel channel) {
    fail(channel, "the proxy closed the connection");
  }

  @Override
  public void onClosed(Channel channel, Errno errno) {
    fail(channel, "the connection failed: " + errno.text());
  }

  @Override
  public void onWritable(Channel channel) {}
}
