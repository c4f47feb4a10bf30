package twemlab.protocol;

import java.util.ArrayList;
import java.util.List;

/// Messages that show each form of both protocols, short enough to be cut at every two places.
final class Samples {
  private Samples() {}

  static List<String> of(Subject subject) {
    return switch (subject) {
      case REDIS_REQUEST -> redisRequests();
      case MEMCACHE_REQUEST -> MEMCACHE_REQUESTS;
      case REDIS_REPLY -> REDIS_REPLIES;
      case MEMCACHE_REPLY -> MEMCACHE_REPLIES;
    };
  }

  private static final List<String> MEMCACHE_REQUESTS =
      List.of(
          "get k\r\n",
          "gets  a b  c \r\n",
          "  set k 0 0 5\r\nhello\r\n",
          "set k 4294967295 9223372036854775807 0 noreply \r\n\r\n",
          "cas k 1 2 3 18446744073709551615 noreply\r\na\r\n\r\n",
          "incr k 18446744073709551615 noreply\r\n",
          "decr k -1\r\n",
          "touch k -1 noreply\r\n",
          "delete k noreply\r\n",
          "version\r\n",
          "quit  \r\n",
          "set k 0 0 5\r\nhello!\r\n",
          "delete k noreplies\r\n",
          "cas k 0 0 1 18446744073709551616\r\na\r\n",
          "GET k\r\n",
          "get " + "k".repeat(160) + " " + "j".repeat(20) + "\r\n");

  private static final List<String> REDIS_REPLIES =
      List.of(
          "+OK\r\n",
          "-CUSTOM\r\n",
          "-ERR a text\r\n",
          "-LOADING \r\n",
          "-NOREPLICASNOREPLICAS x\r\n",
          ":-9223372036854775809\r\n",
          "$-1\r\n",
          "$0\r\n\r\n",
          "$5\r\na\r\nbc\r\n",
          "*-1\r\n",
          "*0\r\n",
          "*3\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n-ERR x\r\n",
          "*2\r\n*1\r\n*1\r\n*1\r\n$-1\r\n*-1\r\n",
          "*2\r\n$2\r\nab\r\n$x\r\n");

  private static final List<String> MEMCACHE_REPLIES =
      List.of(
          "1234\r\n",
          "18446744073709551616  \r\n",
          "STORED\r\n",
          "NOT_FOUND \r\n",
          "END\r\n",
          "VERSION 1.6.18\r\n",
          "SERVER_ERROR out of memory\r\n",
          "ERROR\r\n",
          "VALUE k 0 5\r\nhello\r\nEND\r\n",
          "VALUE a 1 0\r\n\r\nVALUE bb 2 3 77\r\nE\r\n\r\nEND\r\n",
          "VALUE a 1 1\r\nx\r\nSERVER_ERROR out of memory\r\n",
          "VALUE a 1 1\r\nxx\r\nEND\r\n",
          "VALUES a 1 1\r\n");

  private static List<String> redisRequests() {
    List<String> samples = new ArrayList<>();
    samples.add(redis("GET", "key:000000000001"));
    samples.add(redis("set", "k", "a\r\nb"));
    samples.add(redis("MGET", "a", "", "ccc"));
    samples.add(redis("MSET", "a", "1", "bb", "22"));
    samples.add(redis("EVAL", "return 1", "12", "key", "arg"));
    samples.add(redis("EVALSHA", "x", "1x", "key"));
    samples.add(redis("ZREMRANGEBYSCORE", "k", "1", "2"));
    samples.add(redis("GeoRadiusByMember", "k", "1", "2"));
    samples.add(redis("AUTH", "secret"));
    samples.add(redis("CLIENT", "SETINFO", "LIB-NAME", "x"));
    samples.add(redis("LOLWUT", "VERSION", "5"));
    samples.add(redis("PING"));
    samples.add(redis("QUIT"));
    samples.add(redis("GET"));
    samples.add(redis("GET", "a", "b"));
    samples.add(redis("WHATEVER-THIS-IS-A-LONG-NAME", "a", "b"));
    samples.add(redis("MULTI"));
    samples.add("*0\r\n");
    samples.add("PING\r\n");
    samples.add("*1\r\n$4\r\nPING!\r\n");
    samples.add("*2\r\n$3\r\nGET\r\n$01\r\nk\r\n");
    samples.add("*2\r\n$3\r\nGET\r\n$4294967297\r\nk\r\n");
    samples.add("*2\r\n$3\r\nGET\r\n$-1\r\n");
    return samples;
  }

  /// An array of bulk strings.
  static String redis(String... elements) {
    StringBuilder request = new StringBuilder("*" + elements.length + "\r\n");
    for (String element : elements) {
      request.append('$').append(element.length()).append("\r\n").append(element).append("\r\n");
    }
    return request.toString();
  }
}
