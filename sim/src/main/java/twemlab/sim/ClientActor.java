package twemlab.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.kernel.EndpointHandler;
import twemlab.sim.kernel.SimEndpoint;
import twemlab.sim.kernel.SimHost;
import twemlab.sim.kernel.World;

/// A client of the simulated world: sends batches of drawn requests and compares each reply with
/// what the reference model answers, in order.
final class ClientActor implements EndpointHandler {
  private static final int THINKING_NANOS_MAX = 500_000;

  private final String name;
  private final World world;
  private final Workload workload;
  private final ReplyFramer framer;
  private final Choices choices;
  private final Queue<Request> awaited = new ArrayDeque<>();
  private final SimEndpoint endpoint;
  private long left;
  private long replies;
  private long sent;
  private boolean finished;

  ClientActor(
      World world,
      String name,
      Address proxy,
      WorkloadSettings settings,
      long requests,
      Choices choices) {
    this.name = name;
    this.world = world;
    this.choices = choices.stream(name);
    this.workload = new Workload(settings, choices.stream(name + "-requests"));
    this.framer = new ReplyFramer(settings.protocol());
    this.left = requests;
    SimHost host = world.host(name);
    this.endpoint = host.connect(proxy, this);
  }

  /// Whether every request was answered and the connection is closed.
  boolean finished() {
    return finished;
  }

  /// Requests sent.
  long sent() {
    return sent;
  }

  /// Replies received, each as expected.
  long replies() {
    return replies;
  }

  @Override
  public void connected(SimEndpoint connected) {
    sendBatch();
  }

  private void sendBatch() {
    if (left == 0) {
      finish();
      return;
    }
    long nowMillis = world.settings().wallMillis() + world.scheduler().now() / 1_000_000;
    List<Request> batch = workload.nextBatch(nowMillis);
    for (Request request : batch) {
      if (request.hasReply()) {
        awaited.add(request);
      }
      sent++;
      endpoint.send(request.bytes());
    }
    left = Math.max(0, left - batch.size());
    if (awaited.isEmpty()) {
      think();
    }
  }

  private void think() {
    world.scheduler().after(choices.below(THINKING_NANOS_MAX), this::sendBatch);
  }

  /// Half of the clients say that they have finished, the others just close.
  private void finish() {
    if (choices.chance(1, 2)) {
      endpoint.halfClose();
    } else {
      finished = true;
      endpoint.close();
    }
  }

  @Override
  public void bytes(SimEndpoint from, byte[] bytes) {
    framer.append(bytes, 0, bytes.length);
    for (byte[] reply = framer.next(); reply != null; reply = framer.next()) {
      judge(reply);
    }
  }

  private void judge(byte[] reply) {
    Request request = awaited.poll();
    if (request == null) {
      throw new Violation(name + " got a reply that nothing asked for: " + new Bytes(reply));
    }
    if (workload.judge(request, reply) == Workload.Verdict.MISMATCH) {
      throw new Violation(
          name
              + ": request "
              + request
              + " was answered "
              + new Bytes(reply)
              + ", expected "
              + request.expected());
    }
    replies++;
    if (awaited.isEmpty()) {
      think();
    }
  }

  @Override
  public void end(SimEndpoint from) {
    if (!awaited.isEmpty() || left > 0) {
      throw new Violation(name + " was closed with " + awaited.size() + " replies outstanding");
    }
    finished = true;
    endpoint.close();
  }

  @Override
  public void failed(SimEndpoint from, Errno errno) {
    throw new Violation(name + ": connection failed: " + errno.text());
  }
}
