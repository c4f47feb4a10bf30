package twemlab.sim.oracle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import twemlab.event.kernel.Errno;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.PoolConf;
import twemlab.sim.scenario.ServerFault;
import twemlab.sim.scenario.SwarmSettings;
import twemlab.sim.world.Fault;

/// The error lines that clients of a pool may get in place of a reply, given what can go wrong in a
/// run. In a run in which nothing is lost and nothing is slow there are none.
public final class AllowedErrors {
  /// What redis says when it cannot serve for a while, and a word without a text (museum A1).
  private static final List<String> REDIS =
      List.of(
          "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
          "-LOADING Redis is loading the dataset in memory\r\n",
          "-BUSY Redis is busy running a script.\r\n",
          "-CUSTOM\r\n");

  private static final List<String> MEMCACHED =
      List.of(
          "SERVER_ERROR out of memory storing object\r\n",
          "SERVER_ERROR object too large for cache\r\n",
          "CLIENT_ERROR bad data chunk\r\n",
          "ERROR\r\n");

  private final SwarmSettings settings;
  private final PoolConf conf;
  private final Set<String> lines = new LinkedHashSet<>();

  /// Lines that only a request of several keys may get.
  private final Set<String> gathered = new LinkedHashSet<>();

  private final byte[] timeout;
  private final byte[] refusal;
  private final byte[] tooLong;

  AllowedErrors(SwarmSettings settings, PoolConf conf) {
    this.settings = settings;
    this.conf = conf;
    this.timeout = line(Errno.ETIMEDOUT).getBytes(StandardCharsets.ISO_8859_1);
    this.refusal = line(Errno.ECONNREFUSED).getBytes(StandardCharsets.ISO_8859_1);
    this.tooLong =
        (prefix()
                + "the reply is longer than the proxy passes on, at most "
                + settings.memory().replyBytes()
                + " bytes\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    addSystem();
    addServers();
  }

  /// Whether the line says that a request took too long.
  boolean isTimeout(byte[] line) {
    return Arrays.equals(line, timeout);
  }

  /// Whether the line says that a server refused, or that none is left to ask.
  boolean isRefusal(byte[] line) {
    return Arrays.equals(line, refusal);
  }

  boolean contains(byte[] line, boolean severalKeys) {
    if (line.length >= 200) {
      return false;
    }
    String text = new String(line, StandardCharsets.ISO_8859_1);
    return lines.contains(text) || (severalKeys && gathered.contains(text));
  }

  /// Whether the line says that a reply was longer than is passed on.
  boolean isTooLong(byte[] line) {
    return Arrays.equals(line, tooLong);
  }

  /// The lines with which a server of this protocol answers when it fails.
  public static List<String> ofServers(boolean redis) {
    return redis ? REDIS : MEMCACHED;
  }

  private void addSystem() {
    boolean never = settings.has(Fault.CONNECT_TIMEOUT) || settings.has(Fault.BACKLOG_FULL);
    if (never || (conf.timeoutMillis() > 0 && settings.lossy())) {
      add(Errno.ETIMEDOUT);
    }
    if (conf.autoEjectHosts()) {
      add(Errno.ECONNREFUSED);
    }
    settings.faults().keySet().forEach(this::add);
  }

  /// What a fault of the system makes of a request, beside a timeout. The compiler asks for each.
  private void add(Fault fault) {
    switch (fault) {
      case CONNECT_REFUSED -> add(Errno.ECONNREFUSED);
      case RST -> add(Errno.ECONNRESET, Errno.EPIPE, Errno.ECONNREFUSED);
      case EMFILE -> add(Errno.EMFILE);
      case RESOLVE_FAILED -> add(Errno.EHOSTDOWN);
      case BACKLOG_FULL -> {
        if (conf.servers().getFirst().endpoint() instanceof Endpoint.Unix) {
          add(Errno.EAGAIN);
        }
      }
      case PARTIAL_READ,
          PARTIAL_WRITE,
          EAGAIN_ON_READ,
          EAGAIN_ON_WRITE,
          EINTR,
          DELAY_SEGMENT,
          COALESCE_DATA_AND_FIN,
          CONNECT_SLOW,
          CONNECT_TIMEOUT,
          ACCEPT_ERROR,
          FEW_EVENTS,
          REORDER_EVENTS,
          TIMER_JITTER,
          PAUSE_LOOP,
          CLOCK_JUMP,
          GETN_ETIME,
          COMPLETIONS_OVERFLOW,
          LATE_COMPLETION,
          CANCEL_BUSY,
          NO_BUFFERS -> {}
    }
  }

  private void addServers() {
    for (ServerFault fault : settings.serverFaults().keySet()) {
      switch (fault) {
        case ERROR_REPLY, EARLY -> {
          lines.addAll(ofServers(conf.redis()));
          gathered.add(line(Errno.EINVAL)); // a fragment's reply does not fit
          addSetUp();
        }
        case WRONG -> add(Errno.EINVAL);
        case STRAY -> {
          lines.addAll(ofServers(conf.redis()));
          add(Errno.EINVAL);
          addSetUp();
        }
        case CLOSE_MIDDLE, RESET, IDLE_CLOSE -> add(Errno.UNKNOWN, Errno.ECONNRESET, Errno.EPIPE);
        case RESTART -> add(Errno.UNKNOWN, Errno.ECONNRESET, Errno.EPIPE, Errno.ECONNREFUSED);
        case LATE, NEVER -> {}
      }
    }
  }

  private void addSetUp() {
    if (conf.redisAuth().isPresent() || conf.redisDb() > 0) {
      lines.add("-ERR server authentication failed\r\n");
      lines.add("-ERR server select failed\r\n");
    }
  }

  private void add(Errno... errors) {
    for (Errno errno : errors) {
      lines.add(line(errno));
    }
  }

  private String line(Errno errno) {
    return prefix() + errno.text() + "\r\n";
  }

  private String prefix() {
    return conf.redis() ? "-ERR " : "SERVER_ERROR ";
  }
}
