package twemlab.exercise.build;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.World;

/// A small redis: SET, GET, MGET and PING. It can be slow, silent, and rude.
final class LabServer {
  private static final byte[] NOTHING = Resp.bytes("$-1\r\n");

  private final SimHost host;
  private final Address address;
  private final Map<String, byte[]> values = new TreeMap<>();
  private final List<SimEndpoint> connections = new ArrayList<>();
  private long delayNanos;
  private boolean silent;
  private int accepted;
  private int requests;

  LabServer(World world, String name, int number) {
    host = world.host(name);
    address = Address.inet(new byte[] {10, 0, 0, (byte) (number + 1)}, 6379);
    host.listen(address, 64, Session::new);
  }

  Address address() {
    return address;
  }

  /// Each reply takes so long from now on.
  void delayMillis(long millis) {
    delayNanos = millis * 1_000_000;
  }

  /// Whether requests are taken and not answered.
  void silent(boolean now) {
    silent = now;
  }

  /// Breaks all its connections off.
  void resetAll() {
    List.copyOf(connections).forEach(SimEndpoint::reset);
    connections.clear();
  }

  /// How many connections it has seen.
  int accepted() {
    return accepted;
  }

  /// How many requests it has seen.
  int requests() {
    return requests;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  int keys() {
    return values.size();
  }

  private byte[] reply(List<byte[]> words) {
    String command = Resp.text(words.getFirst());
    return switch (command) {
      case "PING" -> Resp.bytes("+PONG\r\n");
      case "SET" -> {
        values.put(Resp.text(words.get(1)), words.get(2));
        yield Resp.bytes("+OK\r\n");
      }
      case "GET" -> value(words.get(1));
      case "MGET" -> Resp.array(words.subList(1, words.size()).stream().map(this::value).toList());
      default -> Resp.error("unknown command " + command);
    };
  }

  private byte[] value(byte[] key) {
    byte[] value = values.get(Resp.text(key));
    return value == null
        ? NOTHING
        : Resp.bytes("$" + value.length + "\r\n" + Resp.text(value) + "\r\n");
  }

  private final class Session implements EndpointHandler {
    private byte[] input = {};

    @Override
    public void connected(SimEndpoint self) {
      accepted++;
      connections.add(self);
    }

    @Override
    public void bytes(SimEndpoint self, byte[] bytes) {
      int length = input.length;
      input = Arrays.copyOf(input, length + bytes.length);
      System.arraycopy(bytes, 0, input, length, bytes.length);
      int end;
      while ((end = Resp.end(input, 0, input.length)) > 0) {
        answer(self, Arrays.copyOf(input, end));
        input = Arrays.copyOfRange(input, end, input.length);
      }
      if (end == Resp.WRONG) {
        throw new AssertionError("a server received what is no request: " + Resp.text(input));
      }
    }

    private void answer(SimEndpoint self, byte[] request) {
      requests++;
      byte[] reply = reply(Resp.words(request));
      if (!silent && delayNanos == 0) {
        self.send(reply);
      } else if (!silent) {
        host.after(
            delayNanos,
            () -> {
              if (self.open()) {
                self.send(reply);
              }
            });
      }
    }

    @Override
    public void end(SimEndpoint self) {
      connections.remove(self);
      host.after(delayNanos + 1, self::close); // what is late is still sent
    }

    @Override
    public void failed(SimEndpoint self, Errno errno) {
      connections.remove(self);
    }
  }
}
