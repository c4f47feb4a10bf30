package twemlab.fuzz;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Transports;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.KeyHash;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.ListenConf;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.conf.ServerConf;

/// How the proxy of a [Script] is configured: one pool, and behind it one or two servers that may
/// do anything, and the last, which is honest.
///
/// @param servers how many of the first kind
/// @param seed of latencies and of what the proxy draws
record ScriptSetup(Set<Flag> flags, int mbufBytes, int servers, Backend backend, int seed) {
  /// How many bytes of an input it takes.
  static final int BYTES = 3;

  static final String PASSWORD = "sesame";
  static final int PORT = 22_121;
  static final int SERVER_PORT = 6379;
  private static final int TIMEOUT_MILLIS = 400;
  private static final int RETRY_MILLIS = 300;
  private static final List<Integer> MBUFS = List.of(512, 1_024, 4_096, 16_384);
  private static final List<Backend> BACKENDS =
      List.of(EventBases.EPOLL, EventBases.EPOLL_LEVEL, Transports.IO_URING, EventBases.POLL);

  /// What is so or not. The order is that of the bits in an input.
  enum Flag {
    MEMCACHED,
    PASSWORD,
    EJECT,
    TWO_CONNECTIONS,
    NO_TIMEOUT,
    PRECONNECT,
    SMALL_BUFFERS,
    DATABASE;

    /// The word in a script, such as `no-timeout`.
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// What the first bytes of an input say; what is missing is 0.
  static ScriptSetup decode(byte[] input) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    for (Flag flag : Flag.values()) {
      if ((at(input, 0) >> flag.ordinal() & 1) != 0) {
        flags.add(flag);
      }
    }
    int sizes = at(input, 1);
    return new ScriptSetup(
        flags,
        MBUFS.get(sizes & 3),
        1 + (sizes >> 2 & 1),
        BACKENDS.get(sizes >> 3 & 3),
        at(input, 2));
  }

  private static int at(byte[] input, int i) {
    return i < input.length ? input[i] & 0xff : 0;
  }

  byte[] encode() {
    int bits = flags.stream().mapToInt(flag -> 1 << flag.ordinal()).sum();
    int sizes = MBUFS.indexOf(mbufBytes) | (servers - 1) << 2 | BACKENDS.indexOf(backend) << 3;
    return new byte[] {(byte) bits, (byte) sizes, (byte) seed};
  }

  /// The set-up that words describe, such as `memcached eject mbuf=512 servers=2 backend=epoll`.
  ///
  /// @throws IllegalArgumentException with the word that is not understood
  static ScriptSetup parse(String text) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    int mbuf = 512;
    int servers = 2;
    Backend backend = EventBases.EPOLL;
    int seed = 1;
    for (String word : text.strip().split(" +", -1)) {
      String[] pair = word.split("=", 2);
      switch (pair[0]) {
        case "redis", "" -> {}
        case "mbuf" -> mbuf = Integer.parseInt(pair[1]);
        case "servers" -> servers = Integer.parseInt(pair[1]);
        case "seed" -> seed = Integer.parseInt(pair[1]);
        case "backend" -> backend = backend(pair[1]);
        default -> flags.add(flag(word));
      }
    }
    if (!MBUFS.contains(mbuf) || servers < 1 || servers > 2) {
      throw new IllegalArgumentException("mbuf is one of " + MBUFS + ", servers is 1 or 2");
    }
    return new ScriptSetup(flags, mbuf, servers, backend, seed);
  }

  private static Backend backend(String name) {
    return BACKENDS.stream()
        .filter(backend -> backend.backend().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("backend " + name));
  }

  private static Flag flag(String word) {
    for (Flag flag : Flag.values()) {
      if (flag.word().equals(word)) {
        return flag;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is nothing of a set-up");
  }

  boolean is(Flag flag) {
    return flags.contains(flag);
  }

  boolean redis() {
    return !is(Flag.MEMCACHED);
  }

  /// The password of clients and servers, or null.
  String password() {
    return redis() && is(Flag.PASSWORD) ? PASSWORD : null;
  }

  /// The index of the server that only does what the model does.
  int honest() {
    return servers;
  }

  /// The pool.
  PoolConf pool() {
    return new PoolConf(
        "pool1",
        new ListenConf("127.0.0.1:" + PORT, new Endpoint.Inet("127.0.0.1", PORT), -1),
        KeyHash.MD5,
        Optional.empty(),
        DistributionKind.KETAMA,
        is(Flag.NO_TIMEOUT) ? 0 : TIMEOUT_MILLIS,
        512,
        0,
        false,
        false,
        redis(),
        Optional.ofNullable(password()),
        redis() && is(Flag.DATABASE) ? 1 : 0,
        false,
        is(Flag.PRECONNECT),
        is(Flag.EJECT),
        is(Flag.TWO_CONNECTIONS) ? 2 : 1,
        RETRY_MILLIS,
        2,
        serverList());
  }

  private List<ServerConf> serverList() {
    List<ServerConf> list = new ArrayList<>();
    for (int i = 0; i <= servers; i++) {
      Endpoint endpoint = new Endpoint.Inet("10.0.1." + (i + 1), SERVER_PORT);
      list.add(new ServerConf(endpoint + ":1", endpoint.toString(), endpoint, 1));
    }
    return list;
  }

  /// As [#parse] takes it.
  @Override
  public String toString() {
    StringJoiner words = new StringJoiner(" ");
    if (redis()) {
      words.add("redis");
    }
    flags.forEach(flag -> words.add(flag.word()));
    words.add("mbuf=" + mbufBytes).add("servers=" + servers);
    return words.add("backend=" + backend.backend()).add("seed=" + seed).toString();
  }
}
