package twemlab.exercise.build;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;

/// A client: sends what it is told, keeps what comes back.
final class LabClient implements EndpointHandler {
  private final SimHost host;
  private final SimEndpoint endpoint;
  private final ByteArrayOutputStream got = new ByteArrayOutputStream();
  private boolean ended;
  private Errno failure;

  LabClient(SimHost host, Address to) {
    this.host = host;
    endpoint = host.connect(to, this);
  }

  LabClient send(byte[] bytes) {
    endpoint.send(bytes);
    return this;
  }

  /// Sends a request of some words.
  LabClient ask(String... words) {
    return send(Resp.request(Arrays.stream(words).map(Resp::bytes).toList()));
  }

  /// Sends bytes in pieces, one every 0.2 ms.
  LabClient inPieces(byte[] bytes, int size) {
    for (int from = 0, i = 1; from < bytes.length; from += size, i++) {
      byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
      host.after(i * 200_000L, () -> endpoint.send(piece));
    }
    return this;
  }

  /// Sends its end, and still reads.
  LabClient halfClose() {
    endpoint.halfClose();
    return this;
  }

  /// Reads nothing from now on.
  LabClient pause() {
    endpoint.pause();
    return this;
  }

  void resume() {
    endpoint.resume();
  }

  /// Does something later.
  void after(long micros, Runnable action) {
    host.after(micros * 1_000, action);
  }

  /// Breaks the connection off.
  void reset() {
    endpoint.reset();
  }

  /// All that came back.
  byte[] bytes() {
    return got.toByteArray();
  }

  /// The replies that came back whole, each as text.
  List<String> replies() {
    byte[] bytes = bytes();
    List<String> replies = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int end = Resp.end(bytes, at, bytes.length);
      if (end <= 0) {
        break;
      }
      replies.add(Resp.text(Arrays.copyOfRange(bytes, at, end)).replace("\r\n", " ").strip());
      at = end;
    }
    return replies;
  }

  boolean ended() {
    return ended || failure != null;
  }

  Errno failure() {
    return failure;
  }

  @Override
  public void bytes(SimEndpoint from, byte[] bytes) {
    got.writeBytes(bytes);
  }

  @Override
  public void end(SimEndpoint from) {
    ended = true;
    from.close();
  }

  @Override
  public void failed(SimEndpoint from, Errno errno) {
    failure = errno;
  }
}
