package twemlab.sim.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import twemlab.sim.choice.Choices;

/// Sends the same requests to a model and to the real server, each cut at its own random places,
/// and compares what they answer.
///
/// A batch ends with a marker command, so that the end of the real server's replies is known even
/// when they are wrong.
public final class Differential implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 3_000;

  private final ServerModel.Session session;
  private final SocketChannel real;
  private final Choices cuts;
  private final byte[] marker;
  private final byte[] markerReply;
  private final List<byte[]> batch = new ArrayList<>();
  private final byte[] received = new byte[1 << 16];

  /// @param marker a request that no other request of the batch looks at
  /// @param markerReply its reply, which no other reply of the batch ends with
  public Differential(
      ServerModel model, SocketChannel real, Choices cuts, String marker, String markerReply)
      throws IOException {
    this.session = model.connect();
    this.real = real;
    real.socket().setSoTimeout(TIMEOUT_MILLIS);
    real.socket().setTcpNoDelay(true);
    this.cuts = cuts;
    this.marker = marker.getBytes(StandardCharsets.ISO_8859_1);
    this.markerReply = markerReply.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// For requests after which the server closes the connection: no marker, and one write to the
  /// real server, for bytes that it leaves unread would reset the connection and destroy its reply.
  public static Differential closing(ServerModel model, SocketChannel real, Choices cuts)
      throws IOException {
    return new Differential(model, real, cuts, "", "the server closes before it sends this");
  }

  public void add(byte[] request) {
    batch.add(request);
  }

  public void add(String request) {
    add(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  int size() {
    return batch.size();
  }

  /// Sends the batch and checks that the replies are equal once normalized.
  public void compare(UnaryOperator<String> normalize) throws IOException {
    String sent = sent();
    byte[] request = sent.getBytes(StandardCharsets.ISO_8859_1);
    String expected = toReal(request);
    String actual = toModel(request);
    assertThat(normalize.apply(actual))
        .as("replies to %.2000s", sent)
        .isEqualTo(normalize.apply(expected));
    batch.clear();
  }

  public void compare() throws IOException {
    compare(UnaryOperator.identity());
  }

  private String sent() {
    ReplyBuffer joined = new ReplyBuffer();
    batch.forEach(joined::append);
    return joined.append(marker).toString();
  }

  private String toModel(byte[] request) {
    ReplyBuffer out = new ReplyBuffer();
    for (int from = 0; from < request.length; ) {
      int to = Math.min(request.length, from + 1 + cuts.below(cuts.pick(List.of(1, 8, 200, 5000))));
      session.receive(request, from, to, out, System.currentTimeMillis());
      from = to;
    }
    return out.toString();
  }

  private String toReal(byte[] request) throws IOException {
    int cut = marker.length == 0 ? 0 : cuts.below(request.length);
    write(ByteBuffer.wrap(request, 0, cut));
    write(ByteBuffer.wrap(request, cut, request.length - cut));
    ByteArrayOutputStream replies = new ByteArrayOutputStream();
    while (!endsWithMarker(replies.toByteArray())) {
      int count = read();
      if (count < 0) {
        break;
      }
      replies.write(received, 0, count);
    }
    return replies.toString(StandardCharsets.ISO_8859_1);
  }

  private int read() throws IOException {
    try {
      return real.socket().getInputStream().read(received);
    } catch (SocketTimeoutException _) {
      return -1; // it waits for more: the replies will differ
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      real.write(bytes);
    }
  }

  private boolean endsWithMarker(byte[] replies) {
    int from = replies.length - markerReply.length;
    if (from < 0) {
      return false;
    }
    return Arrays.equals(replies, from, replies.length, markerReply, 0, markerReply.length);
  }

  @Override
  public void close() throws IOException {
    real.close();
  }
}
