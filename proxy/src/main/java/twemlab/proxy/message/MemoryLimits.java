package twemlab.proxy.message;

/// How much memory a proxy may use for requests and replies: `--memory`, and what follows from it.
///
/// Whatever can be of any size lies in mbufs, and is native memory. On the heap are things of fixed
/// size, whose number is limited: messages, and what the JVM keeps for each mbuf. So the heap
/// follows from the limit, not the other way round: the launcher gives 64 MiB and an eighth of the
/// limit. Started in another way, with less, the process lowers the number of messages, and if need
/// be of mbufs, to what fits.
///
/// ```text
/// heap = 32 MiB       the program, connections, the collector's reserve
///      + 64 bytes     for each mbuf
///      + 192 bytes    for each message: 128 outstanding, and room for queues that grow
/// ```
///
/// @param mbufs the most mbufs in use at once
/// @param messages the most messages in use at once
/// @param replyBytes the longest reply to one request that is passed on; of a request that was
///   divided, the replies to all its fragments together
public record MemoryLimits(int mbufs, int messages, int replyBytes) {
  /// The default of `--memory`, in bytes.
  public static final long DEFAULT_BYTES = 1L << 30;

  /// As long as redis' longest string, where there is the memory: half of it at most.
  private static final long MOST_REPLY_BYTES = 512L << 20;

  private static final long HEAP_BASE = 32L << 20;
  private static final int HEAP_PER_MBUF = 64;
  private static final int HEAP_PER_MESSAGE = 192;

  /// Fewer would not let a single client work.
  private static final int LEAST_MBUFS = 64;

  private static final int LEAST_MESSAGES = 4096;

  /// The limits of a process.
  ///
  /// @param bytes of mbufs, as `--memory` says
  /// @param mbufBytes the size of one
  /// @param heapBytes the largest heap that the JVM may have
  public static MemoryLimits of(long bytes, int mbufBytes, long heapBytes) {
    long heap = heapBytes - HEAP_BASE;
    long mbufs = Math.min(bytes / mbufBytes, heap / 2 / HEAP_PER_MBUF);
    mbufs = Math.clamp(mbufs, LEAST_MBUFS, Integer.MAX_VALUE);
    long messages = (heap - mbufs * HEAP_PER_MBUF) / HEAP_PER_MESSAGE;
    return new MemoryLimits(
        (int) mbufs,
        Math.clamp(messages, LEAST_MESSAGES, Integer.MAX_VALUE),
        (int) Math.min(MOST_REPLY_BYTES, mbufs * mbufBytes / 2));
  }

  /// The same with another limit of a reply.
  public MemoryLimits withReplyBytes(int bytes) {
    return new MemoryLimits(mbufs, messages, bytes);
  }

  /// The heap that the launcher gives.
  public static long heapFor(long bytes) {
    return (64L << 20) + bytes / 8;
  }

  /// The limits without options, on a heap as the launcher gives it.
  public static MemoryLimits standard(int mbufBytes) {
    return of(DEFAULT_BYTES, mbufBytes, heapFor(DEFAULT_BYTES));
  }
}
