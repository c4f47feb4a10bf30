package twemlab.sim.run.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.servers.Epochs;
import twemlab.sim.workload.ReplyFramer;
import twemlab.sim.workload.Request;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.workload.Workload;
import twemlab.sim.workload.WorkloadSettings;

/// One client: sends a batch, waits for all its replies, checks each, and sends the next.
final class SoakClient implements Runnable {
  private static final int REPLY_MILLIS = 20_000;
  private static final int KEYS = 60;
  private static final int NOREPLY_PERCENT = 10;
  private static final int PIPELINE_MAX = 16;
  private static final int SHOWN = 200;

  /// What the contract lets the proxy answer when a server fails.
  private static final Set<String> ERRORS =
      Set.of(
          "Connection refused",
          "Connection timed out",
          "Connection reset by peer",
          "Broken pipe",
          "unknown");

  private static final List<WorkloadSettings.Size> SIZES =
      List.of(
          new WorkloadSettings.Size(60, 0, 100),
          new WorkloadSettings.Size(30, 100, 1_000),
          new WorkloadSettings.Size(10, 1_000, 20_000));

  private final int number;
  private final WireProtocol protocol;
  private final int port;
  private final Epochs epochs;
  private final SoakCounts counts;
  private final Choices choices;
  private final long nanosPerRequest;
  private final byte[] buffer = new byte[1 << 16];
  private int epoch = -1;
  private Workload workload;
  private Socket socket;
  private ReplyFramer framer;
  private long nextNanos = System.nanoTime();

  SoakClient(
      int number,
      WireProtocol protocol,
      int port,
      Epochs epochs,
      SoakCounts counts,
      Choices choices,
      double requestsPerSecond) {
    this.number = number;
    this.protocol = protocol;
    this.port = port;
    this.epochs = epochs;
    this.counts = counts;
    this.choices = choices;
    this.nanosPerRequest = (long) (1e9 / requestsPerSecond);
  }

  @Override
  public void run() {
    try {
      while (!epochs.stopped()) {
        if (epoch != epochs.current()) {
          beginEpoch(epochs.current());
        }
        exchange();
      }
      disconnect();
    } catch (Throwable e) { // whatever ends it, it has not seen its replies
      counts.wrong("client " + number + ": " + e);
      // It must not be waited for.
      epochs.acknowledge(number, Integer.MAX_VALUE);
    }
  }

  private void beginEpoch(int begun) {
    epoch = begun;
    String prefix = "c" + number + "." + epoch + ":";
    WorkloadSettings defaults = WorkloadSettings.of(protocol, prefix);
    var settings =
        new WorkloadSettings(
            protocol,
            prefix,
            KEYS,
            60,
            SIZES,
            defaults.mix(),
            12,
            epoch % 2 == 0 ? NOREPLY_PERCENT : 0,
            PIPELINE_MAX);
    workload = new Workload(settings, choices.stream("e" + epoch));
    epochs.acknowledge(number, epoch);
  }

  private void exchange() throws IOException, InterruptedException {
    if (socket == null) {
      connect();
    }
    List<Request> batch = workload.nextBatch(System.currentTimeMillis());
    pace(batch.size());
    OutputStream out = socket.getOutputStream();
    Deque<Request> awaited = new ArrayDeque<>();
    for (Request request : batch) {
      counts.request();
      out.write(request.bytes());
      if (request.hasReply()) {
        awaited.add(request);
      }
    }
    switch (choices.below(400)) {
      case 0 -> vanish(batch);
      case 1 -> {
        // Half-closed: everything must be answered all the same.
        socket.shutdownOutput();
        read(awaited);
        disconnect();
        counts.reconnected();
      }
      default -> read(awaited);
    }
  }

  private void pace(int requests) throws InterruptedException {
    long now = System.nanoTime();
    nextNanos = Math.max(nextNanos, now - 100_000_000) + requests * nanosPerRequest;
    long wait = (nextNanos - now) / 1_000_000;
    if (wait > 0) {
      Thread.sleep(wait);
    }
  }

  private void connect() throws IOException {
    socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(REPLY_MILLIS);
    framer = new ReplyFramer(protocol);
  }

  private void disconnect() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }

  /// Leaves with replies outstanding; what of it was done is unknown.
  private void vanish(List<Request> batch) throws IOException {
    if (choices.chance(1, 2)) {
      socket.setSoLinger(true, 0);
    }
    disconnect();
    batch.forEach(workload::lost);
    counts.reconnected();
  }

  private void read(Deque<Request> awaited) throws IOException {
    InputStream in = socket.getInputStream();
    while (!awaited.isEmpty()) {
      int count;
      try {
        count = in.read(buffer);
      } catch (SocketTimeoutException e) {
        throw new IOException("no reply to " + shown(awaited.peek().bytes()), e);
      }
      if (count < 0) {
        throw new IOException("closed by the proxy before " + shown(awaited.peek().bytes()));
      }
      framer.append(buffer, 0, count);
      for (byte[] reply = framer.next(); reply != null; reply = framer.next()) {
        if (awaited.isEmpty()) {
          throw new IOException("a reply to nothing: " + shown(reply));
        }
        judge(awaited.poll(), reply);
      }
    }
  }

  private void judge(Request request, byte[] reply) {
    switch (workload.judge(request, reply)) {
      case MATCH -> counts.right();
      case UNKNOWN -> {
        String error = proxyError(reply);
        if (error != null) {
          counts.error(error);
          workload.lost(request);
        } else {
          counts.unknown();
        }
      }
      case MISMATCH -> {
        String error = proxyError(reply);
        if (error != null) {
          counts.error(error);
          workload.lost(request);
        } else {
          String expected = shown(request.expected().reply());
          counts.wrong(shown(request.bytes()) + " got " + shown(reply) + ", must get " + expected);
        }
      }
    }
  }

  /// The line, if it is one that the contract names for a server that failed; else null.
  private String proxyError(byte[] reply) {
    String line = new String(reply, StandardCharsets.ISO_8859_1);
    String prefix = protocol == WireProtocol.REDIS ? "-ERR " : "SERVER_ERROR ";
    boolean named =
        line.startsWith(prefix)
            && line.endsWith("\r\n")
            && ERRORS.contains(line.substring(prefix.length(), line.length() - 2));
    return named ? line.strip() : null;
  }

  private static String shown(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String start = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    return '"' + start.replace("\r", "\\r").replace("\n", "\\n") + '"';
  }
}
