package twemlab.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;

/// A client of a script: connects when it has something to say, says it, and looks at no reply.
final class ScriptClient implements EndpointHandler {
  private static final byte[] CRLF = {'\r', '\n'};

  /// Memcached's commands with data behind the line.
  private static final Set<String> STORES =
      Set.of("set", "add", "replace", "append", "prepend", "cas");

  private final SimHost host;
  private final Address proxy;
  private final boolean redis;
  private SimEndpoint endpoint;
  private byte[] last = {};

  ScriptClient(SimHost host, Address proxy, boolean redis) {
    this.host = host;
    this.proxy = proxy;
    this.redis = redis;
  }

  void send(byte[] bytes) {
    last = bytes.clone();
    write(bytes);
  }

  /// Sends a well-formed request of the words.
  void ask(byte[] words) {
    send(redis ? array(words) : line(words));
  }

  /// Sends what it sent last, so many times more, but no more bytes than the limit.
  ///
  /// @return how many bytes
  int again(int times, int limit) {
    int copies = last.length == 0 ? 0 : Math.min(times, limit / last.length);
    byte[] all = new byte[copies * last.length];
    for (int i = 0; i < copies; i++) {
      System.arraycopy(last, 0, all, i * last.length, last.length);
    }
    write(all);
    return all.length;
  }

  private void write(byte[] bytes) {
    if (endpoint == null) {
      endpoint = host.connect(proxy, this);
    }
    endpoint.send(bytes);
  }

  void halfClose() {
    if (endpoint != null) {
      endpoint.halfClose();
    }
  }

  /// Closes at once: what the socket has not taken is dropped. The next bytes begin a new
  /// connection.
  void close() {
    if (endpoint != null) {
      endpoint.vanish();
      endpoint = null;
    }
  }

  void reset() {
    if (endpoint != null) {
      endpoint.reset();
      endpoint = null;
    }
  }

  void pause() {
    if (endpoint != null) {
      endpoint.pause();
    }
  }

  void resume() {
    if (endpoint != null) {
      endpoint.resume();
    }
  }

  @Override
  public void end(SimEndpoint from) {
    from.close();
    forget(from);
  }

  @Override
  public void failed(SimEndpoint from, Errno errno) {
    forget(from);
  }

  private void forget(SimEndpoint from) {
    if (endpoint == from) {
      endpoint = null;
    }
  }

  /// An array of bulks.
  static byte[] array(byte[] words) {
    String[] all = text(words).split(" ", -1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("*" + all.length + "\r\n"));
    for (String word : all) {
      out.writeBytes(ascii("$" + word.length() + "\r\n"));
      out.writeBytes(word.getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(CRLF);
    }
    return out.toByteArray();
  }

  /// A line, and the data that it announces: `set k 0 0 value noreply` for instance.
  static byte[] line(byte[] words) {
    String text = text(words);
    if (!STORES.contains(text.split(" ", 2)[0].toLowerCase(Locale.ROOT))) {
      return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
    boolean noreply = text.endsWith(" noreply");
    String rest = noreply ? text.substring(0, text.length() - " noreply".length()) : text;
    int cut = rest.lastIndexOf(' ');
    String data = rest.substring(cut + 1);
    String head = cut < 0 ? rest : rest.substring(0, cut) + " " + data.length();
    return (head + (noreply ? " noreply" : "") + "\r\n" + data + "\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
