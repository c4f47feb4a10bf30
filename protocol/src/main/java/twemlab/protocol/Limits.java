package twemlab.protocol;

/// What a parser of requests refuses for its size. A limit that is passed is an error at the byte
/// that passes it. (Parsers of replies refuse nothing for its size: the connection to the server is
/// shared, and must outlive the reply.)
///
/// @param redisKeyLength a redis key must be shorter than this many bytes; twemproxy's limit is the
///   data size of an mbuf, because there a key must fit one (`redis_parse_req`)
/// @param bulkLength the longest redis bulk string or memcached value, in bytes; redis itself stops
///   at `proto-max-bulk-len`, 512 MiB
/// @param arguments the largest number of elements of a redis request, or of keys of a memcached
///   one
/// @param messageLength the longest request, in bytes; offsets into a request are ints
/// @param keptLength the longest request that is taken; a longer one is no error, but refused as
///   soon as its length is known ([RefusalReason#TOO_LARGE]), so that the rest need not be kept
public record Limits(
    int redisKeyLength, int bulkLength, int arguments, int messageLength, int keptLength) {
  /// memcached's `KEY_MAX_LENGTH`: a key has 1 to 250 bytes.
  public static final int MEMCACHE_KEY_LENGTH = 250;

  /// twemproxy's header of an mbuf on a 64-bit machine, in bytes.
  private static final int MBUF_HEADER = 48;

  private static final int DEFAULT_MBUF_SIZE = 16384;
  private static final int MEBIBYTE = 1 << 20;

  /// Refuses limits that no message could meet.
  public Limits {
    if (redisKeyLength < 1
        || bulkLength < 1
        || arguments < 1
        || messageLength < 1
        || keptLength < 1) {
      throw new IllegalArgumentException("each limit must be at least 1");
    }
  }

  /// Limits that take every request that is no error.
  public Limits(int redisKeyLength, int bulkLength, int arguments, int messageLength) {
    this(redisKeyLength, bulkLength, arguments, messageLength, messageLength);
  }

  /// The same limits for whoever takes requests up to a length.
  public Limits keeping(int length) {
    return new Limits(redisKeyLength, bulkLength, arguments, messageLength, length);
  }

  /// The limits of a proxy whose option `--mbuf-size` is `mbufSize` bytes.
  public static Limits forMbufSize(int mbufSize) {
    return new Limits(
        mbufSize - MBUF_HEADER, 512 * MEBIBYTE, MEBIBYTE, Integer.MAX_VALUE - MEBIBYTE);
  }

  /// The limits of a proxy that was started without options.
  public static Limits standard() {
    return forMbufSize(DEFAULT_MBUF_SIZE);
  }
}
