package twemlab.benchmarks;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// The messages that parsers are measured with. A batch is as many of them, one after the other, as
/// fit 16 KiB, which is what a busy proxy's read brings; at least one.
public enum Traffic {
  /// `GET key:000000000001`.
  REDIS_GET(command("GET", key(1))),
  /// `SET` with a value of 1 KiB.
  REDIS_SET_1K(command("SET", key(1), "v".repeat(1024))),
  /// `MGET` of 100 keys.
  REDIS_MGET_100(command(mget())),
  /// A bulk string of 1 KiB.
  REDIS_BULK_1K(bulk("v".repeat(1024))),
  /// An array of 10,000 bulk strings of 10 bytes.
  REDIS_ARRAY_10000("*10000\r\n" + bulk("0123456789").repeat(10_000)),
  /// `get key:000000000001`.
  MEMCACHE_GET("get " + key(1) + "\r\n"),
  /// `set` with a value of 1 KiB.
  MEMCACHE_SET_1K("set " + key(1) + " 0 0 1024\r\n" + "v".repeat(1024) + "\r\n"),
  /// `get` of 100 keys.
  MEMCACHE_MULTIGET_100("get" + keys() + "\r\n"),
  /// One value of 1 KiB.
  MEMCACHE_VALUE_1K(value(1, 1024) + "END\r\n"),
  /// 100 values of 10 bytes.
  MEMCACHE_VALUES_100(blocks() + "END\r\n");

  static final int BATCH = 16 * 1024;

  private static final int KEYS = 100;

  private final String message;

  Traffic(String message) {
    this.message = message;
  }

  /// How many messages a batch has.
  int messages() {
    return Math.max(1, BATCH / message.length());
  }

  /// The bytes of one message.
  int messageLength() {
    return message.length();
  }

  /// The bytes of a batch.
  byte[] batch() {
    return message.repeat(messages()).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// A batch in native memory that is never freed.
  MemorySegment nativeBatch() {
    return Arena.global().allocateFrom(ValueLayout.JAVA_BYTE, batch());
  }

  /// As many requests of the same kind in memcached's binary protocol. A multi-get is 100 quiet
  /// gets and a no-op there.
  byte[] binaryBatch() {
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    for (int i = 0; i < messages(); i++) {
      switch (this) {
        case MEMCACHE_GET -> binary(batch, 0x00, 0, key(1), 0);
        case MEMCACHE_SET_1K -> binary(batch, 0x01, 8, key(1), 1024);
        case MEMCACHE_MULTIGET_100 -> {
          for (int key = 1; key <= KEYS; key++) {
            binary(batch, 0x0d, 0, key(key), 0);
          }
          binary(batch, 0x0a, 0, "", 0);
        }
        default -> throw new IllegalStateException(this + " is no memcached request");
      }
    }
    return batch.toByteArray();
  }

  /// How many messages of the binary protocol stand for one of this.
  int binaryMessages() {
    return this == MEMCACHE_MULTIGET_100 ? KEYS + 1 : 1;
  }

  /// Its name in tables.
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static String key(int number) {
    return String.format(Locale.ROOT, "key:%012d", number);
  }

  private static String command(String... elements) {
    StringBuilder text = new StringBuilder("*" + elements.length + "\r\n");
    for (String element : elements) {
      text.append(bulk(element));
    }
    return text.toString();
  }

  private static String bulk(String data) {
    return "$" + data.length() + "\r\n" + data + "\r\n";
  }

  private static String[] mget() {
    String[] elements = new String[KEYS + 1];
    Arrays.setAll(elements, i -> i == 0 ? "MGET" : key(i));
    return elements;
  }

  private static String keys() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= KEYS; i++) {
      text.append(' ').append(key(i));
    }
    return text.toString();
  }

  private static String value(int key, int length) {
    return "VALUE " + key(key) + " 0 " + length + "\r\n" + "v".repeat(length) + "\r\n";
  }

  private static String blocks() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= KEYS; i++) {
      text.append(value(i, 10));
    }
    return text.toString();
  }

  /// The header of 24 bytes, extras, key and value.
  private static void binary(
      ByteArrayOutputStream out, int opcode, int extras, String key, int value) {
    int body = extras + key.length() + value;
    byte[] header = new byte[24];
    header[0] = (byte) 0x80;
    header[1] = (byte) opcode;
    header[3] = (byte) key.length();
    header[4] = (byte) extras;
    header[10] = (byte) (body >> 8);
    header[11] = (byte) body;
    out.writeBytes(header);
    out.writeBytes(new byte[extras]);
    out.writeBytes(key.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes("v".repeat(value).getBytes(StandardCharsets.ISO_8859_1));
  }
}
