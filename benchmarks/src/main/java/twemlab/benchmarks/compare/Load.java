package twemlab.benchmarks.compare;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import twemlab.event.Channel;
import twemlab.event.EventLoop;
import twemlab.event.TimerWheel;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Kernel;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufPool;

/// Clients of one target on one thread: closed loop (each connection sends its next batch when the
/// last one is answered) or open loop (requests are sent at their time, answered or not, and
/// latency counts from that time, so that a stall is not omitted from the picture).
///
/// Replies are counted by their bytes, which each case knows beforehand: a generator that parsed
/// them would use the processor that the proxy needs.
final class Load implements ClosedLoop, AutoCloseable {
  private static final int BATCHES_MOST = 32;
  private static final int BATCH_BYTES_MOST = 64 << 20;
  private static final int MBUF_BYTES = 1 << 20;
  private static final long HIGHEST_NANOS = 10_000_000_000L;

  /// What an answered batch leads to.
  private enum Mode {
    /// The next batch.
    CLOSED,
    /// A latency in the histogram.
    OPEN,
    /// Nothing.
    SILENT
  }

  private final Kernel kernel = Kernels.host();
  private final MbufPool mbufs = new MbufPool(kernel.memory(), MBUF_BYTES);
  private final EventLoop loop;
  private final List<Client> clients = new ArrayList<>();
  private final Histogram latencies = new Histogram(HIGHEST_NANOS, 3);
  private final List<List<Mbuf>> batches = new ArrayList<>();
  private long replyBytes;
  private int requestsOfBatch;
  private Mode mode = Mode.SILENT;
  private long answered;
  private String failure;

  /// One connection: how many reply bytes it waits for, and when each request was due.
  private final class Client implements Channel.Handler {
    private Channel channel;
    private long owed;
    private int next;

    /// Open loop: the times at which the unanswered requests were due, a ring.
    private long[] due = new long[64];

    private int head;
    private int count;

    private void send() {
      List<Mbuf> batch = batches.get(next++ % batches.size());
      owed += replyBytes;
      for (int i = 0; i < batch.size(); i++) {
        Mbuf piece = batch.get(i);
        piece.retain();
        channel.send(piece, 0, piece.last());
      }
    }

    private void sendAt(long nanos) {
      if (count == due.length) {
        long[] larger = new long[2 * count];
        for (int i = 0; i < count; i++) {
          larger[i] = due[(head + i) % count];
        }
        due = larger;
        head = 0;
      }
      due[(head + count++) % due.length] = nanos;
      send();
    }

    @Override
    public void onConnected(Channel connected) {}

    @Override
    public int onBytes(Channel from, Mbuf mbuf, int begin, int end) {
      long before = owed;
      owed -= end - begin;
      if (owed < 0) {
        failure = "more reply bytes than the requests have";
      } else if (mode == Mode.CLOSED && owed == 0) {
        answered += requestsOfBatch;
        send();
      } else if (mode == Mode.OPEN) {
        record(Math.ceilDiv(before, replyBytes) - Math.ceilDiv(owed, replyBytes));
      }
      return end;
    }

    private void record(long requests) {
      long now = System.nanoTime();
      for (long left = requests; left > 0; left--) {
        latencies.recordValue(Math.clamp(now - due[head], 0, HIGHEST_NANOS));
        head = (head + 1) % due.length;
        count--;
      }
    }

    @Override
    public void onWritable(Channel writable) {}

    @Override
    public void onEnd(Channel ended) {
      failure = "the target closed a connection";
    }

    @Override
    public void onClosed(Channel closed, Errno errno) {
      failure = "a connection failed: " + errno.text();
    }
  }

  Load() {
    var timers = new TimerWheel(kernel.clock().monotonicNanos());
    var transport = EventBases.EPOLL.open(kernel, 1024, mbufs, timers);
    loop = new EventLoop(kernel.clock(), transport, timers, 100);
  }

  /// Connects to a target.
  void connect(int port, int connections) {
    Address address = Address.loopback(port);
    for (int i = 0; i < connections; i++) {
      Client client = new Client();
      client.channel = loop.transport().connect(address, client);
      clients.add(client);
      loop.runOnce(0);
    }
  }

  /// Stores every key of a case.
  void fill(Case load) {
    mode = Mode.SILENT;
    int step = Math.clamp(BATCH_BYTES_MOST / load.valueBytes(), 1, 100);
    for (int from = 0; from < load.keySpace(); from += step) {
      Case.Batch batch = load.fill(from, Math.min(from + step, load.keySpace()));
      Client client = clients.getFirst();
      client.owed = batch.replyBytes();
      for (Mbuf piece : pieces(batch.bytes())) {
        client.channel.send(piece, 0, piece.last());
      }
      runUntil(() -> client.owed == 0, System.nanoTime() + HIGHEST_NANOS);
      if (client.owed != 0 || failure != null) {
        throw new IllegalStateException("storing the keys: " + failure + ", owed " + client.owed);
      }
    }
  }

  private List<Mbuf> pieces(byte[] bytes) {
    List<Mbuf> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += MBUF_BYTES) {
      Mbuf mbuf = mbufs.take();
      int length = Math.min(MBUF_BYTES, bytes.length - at);
      MemorySegment.copy(MemorySegment.ofArray(bytes), at, mbuf.segment(), mbuf.base(), length);
      mbuf.advance(length);
      pieces.add(mbuf);
    }
    return pieces;
  }

  /// Prepares the batches of a case.
  void prepare(Case load, int requests) {
    releaseBatches();
    // The same requests in every run and for every target.
    Random random = new Random(1);
    long size = 0;
    while (batches.isEmpty() || (batches.size() < BATCHES_MOST && size < BATCH_BYTES_MOST)) {
      Case.Batch batch = load.batch(random, requests);
      batches.add(pieces(batch.bytes()));
      size += batch.text().length();
      replyBytes = batch.replyBytes();
    }
    requestsOfBatch = requests;
  }

  private void releaseBatches() {
    batches.forEach(batch -> batch.forEach(Mbuf::release));
    batches.clear();
  }

  /// Runs closed loop for a time, and then until everything is answered.
  ///
  /// @return requests answered in that time
  long run(long nanos) {
    mode = Mode.CLOSED;
    answered = 0;
    clients.forEach(Client::send);
    runUntil(() -> false, System.nanoTime() + nanos);
    long inTime = answered;
    mode = Mode.SILENT;
    runUntil(
        () -> clients.stream().allMatch(client -> client.owed == 0),
        System.nanoTime() + HIGHEST_NANOS);
    check();
    return inTime;
  }

  @Override
  public Answered drive(long nanos) {
    long requests = run(nanos);
    return new Answered(requests, requests * 1e9 / nanos);
  }

  /// Runs open loop: one batch after the other, over all connections in turn.
  ///
  /// @return the latencies of the batches, in nanoseconds from when each was due
  Histogram run(long nanos, double batchesPerSecond) {
    mode = Mode.OPEN;
    latencies.reset();
    long start = System.nanoTime();
    double interval = 1e9 / batchesPerSecond;
    long all = (long) (nanos / interval);
    long sent = 0;
    while (sent < all && failure == null) {
      long now = System.nanoTime();
      long due = start + (long) (sent * interval);
      while (sent < all && due <= now) {
        clients.get((int) (sent % clients.size())).sendAt(due);
        sent++;
        due = start + (long) (sent * interval);
      }
      loop.runOnce(0);
    }
    runUntil(
        () -> clients.stream().allMatch(client -> client.count == 0),
        start + nanos + HIGHEST_NANOS);
    check();
    return latencies;
  }

  private void runUntil(BooleanSupplier condition, long deadline) {
    while (failure == null && System.nanoTime() < deadline && !condition.getAsBoolean()) {
      loop.runOnce(10);
    }
  }

  private void check() {
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    releaseBatches();
    loop.close();
    mbufs.close();
    kernel.close();
  }
}
