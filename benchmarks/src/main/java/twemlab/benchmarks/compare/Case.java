package twemlab.benchmarks.compare;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// One kind of load.
///
/// @param name as `--case` takes it
/// @param redis or memcached
/// @param operation what a request does
/// @param keys of a request
/// @param valueBytes of each value
/// @param connections that send
/// @param pipeline requests that a connection sends before it waits for their replies
public record Case(
    String name,
    boolean redis,
    Operation operation,
    int keys,
    int valueBytes,
    int connections,
    int pipeline) {

  /// What a request does.
  public enum Operation {
    READ,
    WRITE
  }

  private static final int KEYS_MOST = 10_000;

  /// The servers shall not run out of memory for large values.
  private static final int STORED_BYTES_MOST = 512 << 20;

  private static final String DRAWN_KEY = "key:__rand_int__";

  /// Every case, those of the goals first.
  static final List<Case> ALL =
      List.of(
          redis("redis-get", Operation.READ, 1, 32, 50, 1),
          redis("redis-get-p16", Operation.READ, 1, 32, 50, 16),
          redis("redis-get-p100-c800", Operation.READ, 1, 32, 800, 100),
          redis("redis-mget100", Operation.READ, 100, 32, 50, 1),
          memcached("memcached-get", Operation.READ, 1, 32, 50, 1),
          memcached("memcached-get-p16", Operation.READ, 1, 32, 50, 16),
          redis("redis-get-c1", Operation.READ, 1, 32, 1, 1),
          redis("redis-set", Operation.WRITE, 1, 32, 50, 1),
          redis("redis-set-1k", Operation.WRITE, 1, 1_024, 50, 1),
          redis("redis-set-64k", Operation.WRITE, 1, 65_536, 50, 1),
          redis("redis-get-64k", Operation.READ, 1, 65_536, 50, 1),
          redis("redis-set-1m", Operation.WRITE, 1, 1 << 20, 20, 1),
          redis("redis-get-1m", Operation.READ, 1, 1 << 20, 20, 1),
          redis("redis-set-16m", Operation.WRITE, 1, 16 << 20, 4, 1),
          redis("redis-mget10", Operation.READ, 10, 32, 50, 1),
          memcached("memcached-multiget10", Operation.READ, 10, 32, 50, 1),
          redis("redis-get-c800", Operation.READ, 1, 32, 800, 1));

  /// How many of them have a goal.
  static final int GOALS = 7;

  private static Case redis(
      String name, Operation operation, int keys, int bytes, int connections, int pipeline) {
    return new Case(name, true, operation, keys, bytes, connections, pipeline);
  }

  private static Case memcached(
      String name, Operation operation, int keys, int bytes, int connections, int pipeline) {
    return new Case(name, false, operation, keys, bytes, connections, pipeline);
  }

  /// The case of that name.
  static Optional<Case> named(String name) {
    return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /// A batch as one connection sends it.
  ///
  /// @param replyBytes the length of all its replies
  record Batch(String text, long replyBytes) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /// A batch of requests for keys that the generator chooses.
  Batch batch(Random random, int requests) {
    StringBuilder text = new StringBuilder();
    long replies = 0;
    for (int i = 0; i < requests; i++) {
      replies += operation == Operation.WRITE ? write(text, key(random)) : read(text, random);
    }
    return new Batch(text.toString(), replies);
  }

  /// The batches that store every key.
  Batch fill(int from, int to) {
    StringBuilder text = new StringBuilder();
    long replies = 0;
    for (int i = from; i < to; i++) {
      replies += write(text, key(i));
    }
    return new Batch(text.toString(), replies);
  }

  /// How many keys there are.
  int keySpace() {
    return Math.clamp(STORED_BYTES_MOST / valueBytes, keys, KEYS_MOST);
  }

  private String key(Random random) {
    return key(random.nextInt(keySpace()));
  }

  /// Of one length, so that every reply has one length.
  private static String key(int number) {
    return "key:" + (1_000_000 + number);
  }

  private long write(StringBuilder text, String key) {
    String value = "v".repeat(valueBytes);
    if (redis) {
      text.append("*3\r\n$3\r\nSET\r\n");
      bulk(text, key);
      bulk(text, value);
      return "+OK\r\n".length();
    }
    text.append("set ").append(key).append(" 0 0 ").append(valueBytes).append("\r\n");
    text.append(value).append("\r\n");
    return "STORED\r\n".length();
  }

  private long read(StringBuilder text, Random random) {
    int first = random.nextInt(keySpace());
    if (redis) {
      String head = keys == 1 ? "*2\r\n$3\r\nGET\r\n" : "*" + (keys + 1) + "\r\n$4\r\nMGET\r\n";
      text.append(head);
      for (int i = 0; i < keys; i++) {
        bulk(text, key((first + i) % keySpace()));
      }
      long header = keys == 1 ? 0 : ("*" + keys + "\r\n").length();
      return header
          + (long) keys * ("$" + valueBytes + "\r\n\r\n").length()
          + (long) keys * valueBytes;
    }
    text.append("get");
    for (int i = 0; i < keys; i++) {
      text.append(' ').append(key((first + i) % keySpace()));
    }
    text.append("\r\n");
    long value = ("VALUE " + key(0) + " 0 " + valueBytes + "\r\n\r\n").length() + (long) valueBytes;
    return keys * value + "END\r\n".length();
  }

  private static void bulk(StringBuilder text, String argument) {
    text.append('$').append(argument.length()).append("\r\n").append(argument).append("\r\n");
  }

  /// A reply such as the servers give, for a server that keeps nothing.
  String reply() {
    if (operation == Operation.WRITE) {
      return redis ? "+OK\r\n" : "STORED\r\n";
    }
    String value = "v".repeat(valueBytes) + "\r\n";
    if (!redis) {
      return ("VALUE " + key(0) + " 0 " + valueBytes + "\r\n" + value).repeat(keys) + "END\r\n";
    }
    String head = keys == 1 ? "" : "*" + keys + "\r\n";
    return head + ("$" + valueBytes + "\r\n" + value).repeat(keys);
  }

  /// The request in words, with the place for a number that redis-benchmark draws.
  List<String> asking() {
    if (operation == Operation.WRITE) {
      return storing();
    }
    List<String> words = new ArrayList<>(List.of(keys == 1 ? "GET" : "MGET"));
    words.addAll(Collections.nCopies(keys, DRAWN_KEY));
    return words;
  }

  /// A request, in such words, that stores what the others ask for.
  List<String> storing() {
    return List.of("SET", DRAWN_KEY, "v".repeat(valueBytes));
  }
}
