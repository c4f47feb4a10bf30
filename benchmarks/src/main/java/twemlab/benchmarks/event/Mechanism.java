package twemlab.benchmarks.event;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.backend.Transports;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.ProcessCalls;

/// What waits in a benchmark: an event base or its peer (they tell who is ready; reading and
/// writing are calls of the benchmark), or a whole transport or its peer (they move the bytes,
/// too).
public enum Mechanism {
  /// What the proxy uses by default.
  EPOLL("EpollEventBase, edge", Base.EPOLL),
  /// The same, level-triggered.
  EPOLL_LEVEL("EpollEventBase, level", Base.EPOLL_LEVEL),
  /// poll(2).
  POLL("PollEventBase", Base.POLL),
  /// select(2).
  SELECT("SelectEventBase", Base.SELECT),
  /// Multishot poll of io_uring.
  IO_URING_POLL("UringEventBase", Base.IO_URING_POLL),
  /// The JDK's.
  SELECTOR("java.nio Selector", Family.READINESS) {
    @Override
    Pairs open(int pairs, Pairs.Receiver receiver) {
      return new SelectorPairs(pairs, receiver);
    }
  },
  /// Netty's epoll below its channels.
  NETTY_EPOLL("Netty EpollIoHandler", Family.READINESS) {
    @Override
    Pairs open(int pairs, Pairs.Receiver receiver) {
      return new NettyHandlePairs(pairs, receiver);
    }
  },
  /// Channels over [#EPOLL].
  EPOLL_CHANNELS("our channels, epoll", "epoll"),
  /// Completions of io_uring.
  IO_URING_CHANNELS("our channels, io_uring", "io_uring"),
  /// Channels over the JDK's selector.
  NIO_CHANNELS("our channels, java.nio", "nio"),
  /// Netty's channels over epoll.
  NETTY_EPOLL_CHANNELS("Netty channels, epoll", NettyChannelPairs.Kind.EPOLL),
  /// Netty's channels over io_uring.
  NETTY_IO_URING_CHANNELS("Netty channels, io_uring", NettyChannelPairs.Kind.IO_URING);

  /// What a mechanism does for its user.
  public enum Family {
    READINESS,
    TRANSPORT
  }

  /// With what the JVM has open besides, their descriptors stay below 1024.
  private static final int SELECT_PAIRS = 400;

  /// Descriptors that a JVM and a listener need, generously.
  private static final int SPARE_DESCRIPTORS = 300;

  private final String title;
  private final Family family;
  private final Base base;
  private final String backend;
  private final NettyChannelPairs.Kind netty;

  Mechanism(String title, Base base) {
    this(title, Family.READINESS, base, null, null);
  }

  Mechanism(String title, Family family) {
    this(title, family, null, null, null);
  }

  Mechanism(String title, String backend) {
    this(title, Family.TRANSPORT, null, backend, null);
  }

  Mechanism(String title, NettyChannelPairs.Kind netty) {
    this(title, Family.TRANSPORT, null, null, netty);
  }

  Mechanism(String title, Family family, Base base, String backend, NettyChannelPairs.Kind netty) {
    this.title = title;
    this.family = family;
    this.base = base;
    this.backend = backend;
    this.netty = netty;
  }

  /// Opens pairs of sockets on it, on the thread that will use them.
  Pairs open(int pairs, Pairs.Receiver receiver) {
    if (base != null) {
      return new BasePairs(Kernels.host(), base, pairs, receiver);
    }
    return backend != null
        ? new ChannelPairs(Backends.byName(Kernels.host(), backend).orElseThrow(), pairs, receiver)
        : new NettyChannelPairs(netty, pairs, receiver);
  }

  /// As it is typed, such as `epoll-level`.
  public String typed() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Its name in tables.
  public String title() {
    return title;
  }

  public Family family() {
    return family;
  }

  /// Those of a family, ours first.
  public static List<Mechanism> of(Family family) {
    return Stream.of(values()).filter(each -> each.family == family).toList();
  }

  /// Why it cannot be had here with that many pairs; empty if it can.
  Optional<String> refusal(int pairs) {
    if (this == SELECT && pairs > SELECT_PAIRS) {
      return Optional.of("select takes descriptors below 1024 only");
    }
    if (2 * pairs + SPARE_DESCRIPTORS > descriptorLimit()) {
      return Optional.of(
          pairs + " pairs need more descriptors than the limit, " + descriptorLimit());
    }
    return switch (this) {
      case NETTY_EPOLL, NETTY_EPOLL_CHANNELS ->
          Epoll.isAvailable() ? Optional.empty() : reason(Epoll.unavailabilityCause());
      case NETTY_IO_URING_CHANNELS ->
          IoUring.isAvailable() ? Optional.empty() : reason(IoUring.unavailabilityCause());
      case IO_URING_POLL -> works(EventBases.IO_URING_POLL);
      case IO_URING_CHANNELS -> works(Transports.IO_URING);
      default -> Optional.empty();
    };
  }

  private static Optional<String> works(Backend backend) {
    return Backends.working(Kernels.host()).contains(backend)
        ? Optional.empty()
        : Optional.of("this system has no io_uring or forbids it");
  }

  private static Optional<String> reason(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return Optional.of("Netty's native code does not load: " + root.getMessage());
  }

  private static int descriptorLimit() {
    try (Kernel kernel = Kernels.host()) {
      return kernel.process().map(ProcessCalls::descriptorLimit).orElse(1024);
    }
  }
}
