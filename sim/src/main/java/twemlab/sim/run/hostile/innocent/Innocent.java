package twemlab.sim.run.hostile.innocent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.function.BooleanSupplier;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Resp;
import twemlab.sim.run.hostile.attack.Setup;
import twemlab.sim.run.servers.Epochs;
import twemlab.sim.workload.ReplyFramer;

/// A client that does nothing wrong: one request at a time, at a steady pace, each reply checked.
///
/// Its requests are due at fixed times, and latency counts from then: who is kept waiting for a
/// second has waited with all the requests of that second.
public final class Innocent implements Runnable {
  private static final int REPLY_MILLIS = Arena.TIMEOUT_MILLIS + 15_000;
  private static final int RECONNECT_ONE_IN = 400;
  private static final int REFUSED_MILLIS = 100;
  private static final int SHOWN = 100;

  /// What all innocent clients share.
  ///
  /// @param alive whether the proxy is: what fails without it is one finding, which others make
  /// @param flooded whether an attack holds, or held lately, all places for new connections
  public record World(
      Setup setup,
      Epochs epochs,
      Outages outages,
      InnocentBooks books,
      Findings findings,
      BooleanSupplier alive,
      BooleanSupplier flooded) {}

  private final int number;
  private final Seat seat;
  private final World world;
  private final Choices choices;
  private final long nanosPerRequest;
  private final OwnKeys keys;
  private final byte[] buffer = new byte[1 << 16];
  private int epoch;
  private Socket socket;
  private ReplyFramer framer;
  private boolean answered;
  private long due = System.nanoTime();

  public Innocent(int number, Seat seat, World world, Choices choices, double requestsPerSecond) {
    this.number = number;
    this.seat = seat;
    this.world = world;
    this.choices = choices;
    this.nanosPerRequest = (long) (1e9 / requestsPerSecond);
    this.keys = new OwnKeys(world.setup(), seat, "i" + number + ".", choices.stream("keys"));
  }

  @Override
  public void run() {
    try {
      while (!world.epochs().stopped()) {
        if (epoch != world.epochs().current()) {
          epoch = world.epochs().current();
          keys.renew();
          world.epochs().acknowledge(number, epoch);
        }
        pace();
        exchange();
      }
      disconnect();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      world.findings().add("the innocent client " + number + " ended: " + e);
    } finally {
      // It must not be waited for.
      world.epochs().acknowledge(number, Integer.MAX_VALUE);
    }
  }

  private void pace() throws InterruptedException {
    due += nanosPerRequest;
    long wait = due - System.nanoTime();
    if (wait > 0) {
      Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
    }
  }

  private void exchange() throws InterruptedException {
    Ask ask =
        seat.arena().redis() ? RedisAsks.next(keys, choices) : MemcachedAsks.next(keys, choices);
    long sent = System.nanoTime();
    try {
      if (socket == null) {
        connect();
      }
      socket.getOutputStream().write(ask.bytes());
      judge(ask, reply(), sent);
      if (mayReconnect() && choices.chance(1, RECONNECT_ONE_IN)) {
        disconnect();
      }
    } catch (IOException e) {
      disconnect();
      if (!answered && (world.flooded().getAsBoolean() || seat.arena() == Arena.FEW)) {
        world.books().refused();
        keys.retire(ask.keys());
        Thread.sleep(REFUSED_MILLIS);
        due = System.nanoTime();
      } else {
        // A process that just ended is known as such a moment later.
        Thread.sleep(REFUSED_MILLIS);
        failed(ask, String.valueOf(e.getMessage()), sent);
      }
    } catch (IllegalStateException e) {
      // What came has not the form of a reply.
      disconnect();
      wrong(ask, e.getMessage());
    }
  }

  private boolean mayReconnect() {
    return !seat.direct() && seat.arena() != Arena.FEW && !world.flooded().getAsBoolean();
  }

  private void connect() throws IOException {
    answered = false;
    socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), seat.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(REPLY_MILLIS);
    framer = new ReplyFramer(seat.arena().protocol());
    if (seat.arena() == Arena.AUTH) {
      socket.getOutputStream().write(OwnKey.bytes(Resp.request("AUTH", Arena.PASSWORD)));
      String reply = new String(reply(), ISO_8859_1);
      if (!reply.equals("+OK\r\n")) {
        throw new IOException("AUTH answered " + reply.strip());
      }
    }
  }

  private void disconnect() {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // Closed is closed.
      }
      socket = null;
    }
  }

  private byte[] reply() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] reply = framer.next();
    while (reply == null) {
      int count;
      try {
        count = in.read(buffer);
      } catch (SocketTimeoutException e) {
        throw new IOException("no reply", e);
      }
      if (count < 0) {
        throw new IOException("closed by the proxy");
      }
      framer.append(buffer, 0, count);
      reply = framer.next();
    }
    answered = true;
    return reply;
  }

  private void judge(Ask ask, byte[] reply, long sent) {
    if (ask.right().test(reply)) {
      ask.done().run();
      boolean calm = !away(ask, sent);
      world.books().right(seat, Math.max(0, (System.nanoTime() - due) / 1000), calm);
      if (!calm) {
        due = System.nanoTime();
      }
    } else if (reply[0] == '-' || new String(reply, ISO_8859_1).startsWith("SERVER_ERROR ")) {
      failed(ask, shown(reply), sent);
    } else {
      wrong(ask, shown(reply));
    }
    if (framer.pending() > 0) {
      wrong(ask, "more than one reply");
      disconnect();
    }
  }

  private boolean away(Ask ask, long sent) {
    long now = System.nanoTime();
    return ask.keys().stream().anyMatch(key -> world.outages().during(key.server, sent, now));
  }

  /// A closed connection is owed to nobody: a server that fails costs an error reply.
  private void failed(Ask ask, String how, long sent) {
    if (!world.alive().getAsBoolean()) {
      return;
    }
    boolean owed = socket != null && away(ask, sent);
    world.books().failed(seat, how, owed);
    if (!owed) {
      long millis = (System.nanoTime() - sent) / 1_000_000;
      world.findings().add(told(ask) + " failed after " + millis + " ms: " + how);
    }
    keys.retire(ask.keys());
    due = System.nanoTime();
  }

  private void wrong(Ask ask, String what) {
    world.books().wrong();
    List<String> held = ask.keys().stream().map(key -> shown(key.value)).toList();
    world.findings().add(told(ask) + " got " + what + "; its keys held " + held);
    keys.retire(ask.keys());
  }

  private String told(Ask ask) {
    return seat.name() + ": innocent " + shown(ask.bytes());
  }

  private static String shown(byte[] bytes) {
    return shown(new String(bytes, ISO_8859_1).replace("\r", "\\r").replace("\n", "\\n"));
  }

  private static String shown(String text) {
    if (text == null) {
      return "nothing";
    }
    return '"' + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...") + '"';
  }
}
