package twemlab.sim.model.memcached;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.memcached.MemcachedUpdate.Kind;

/// The memcached commands that change items (`proto_text.c` and `memcached.c`).
final class MemcachedWrites {
  private static final String BAD_EXPIRY = "CLIENT_ERROR invalid exptime argument";

  private MemcachedWrites() {}

  static void update(MemcachedCall call, Kind kind) {
    Integer flags = CNumbers.unsigned32(call.word(2));
    Integer expiry = CNumbers.signed32(call.word(3));
    Integer length = CNumbers.signed32(call.word(4));
    Long cas = kind == Kind.CAS ? CNumbers.unsigned64(call.word(5)) : Long.valueOf(0);
    boolean valid =
        !call.keyTooLong(1)
            && flags != null
            && expiry != null
            && length != null
            && cas != null
            && length >= 0
            && length <= Integer.MAX_VALUE - 2;
    if (!valid) {
      call.answer(MemcachedCall.BAD_FORMAT);
      return;
    }
    Bytes key = new Bytes(call.word(1));
    if (call.model().fits(key, flags, length)) {
      call.session()
          .expectData(new MemcachedUpdate(kind, key, flags, expiry, length, cas, call.noreply()));
      return;
    }
    call.answer("SERVER_ERROR object too large for cache");
    call.session().swallow(length + 2);
    if (kind == Kind.SET) {
      call.model().remove(key); // better no value than a stale one
    }
  }

  static void delete(MemcachedCall call) {
    boolean zero = call.count() > 2 && call.text(2).equals("0");
    boolean valid =
        switch (call.count()) {
          case 3 -> zero || call.noreply();
          case 4 -> zero && call.noreply();
          default -> true;
        };
    if (!valid) {
      call.answer(MemcachedCall.BAD_FORMAT + ".  Usage: delete <key> [noreply]");
    } else if (call.keyTooLong(1)) {
      call.answer(MemcachedCall.BAD_FORMAT);
    } else if (call.find(1) == null) {
      answerDelete(call, "NOT_FOUND");
    } else {
      call.model().remove(new Bytes(call.word(1)));
      answerDelete(call, "DELETED");
    }
  }

  /// In `delete noreply`, the word is the key.
  private static void answerDelete(MemcachedCall call, String line) {
    if (call.count() == 2) {
      call.out().append(line).append("\r\n");
    } else {
      call.answer(line);
    }
  }

  static void count(MemcachedCall call, boolean up) {
    Long delta = CNumbers.unsigned64(call.word(2));
    if (call.keyTooLong(1)) {
      call.answer(MemcachedCall.BAD_FORMAT);
    } else if (delta == null) {
      call.answer("CLIENT_ERROR invalid numeric delta argument");
    } else {
      MemcachedItem item = call.find(1);
      call.answer(item == null ? "NOT_FOUND" : count(call, item, delta, up));
    }
  }

  private static String count(MemcachedCall call, MemcachedItem item, long delta, boolean up) {
    Long old = item.chunked() ? null : CNumbers.unsigned64(item.value());
    if (old == null) {
      return "CLIENT_ERROR cannot increment or decrement non-numeric value";
    }
    boolean floor = !up && Long.compareUnsigned(delta, old) > 0;
    String number = Long.toUnsignedString(floor ? 0 : up ? old + delta : old - delta);
    byte[] digits = number.getBytes(StandardCharsets.ISO_8859_1);
    int length = item.value().length;
    if (digits.length < length) {
      // In place: the value keeps its length and ends in spaces.
      digits = Arrays.copyOf(digits, length);
      Arrays.fill(digits, number.length(), length, (byte) ' ');
    }
    item.value(digits);
    call.model().changed(new Bytes(call.word(1)), item);
    return number;
  }

  static void touch(MemcachedCall call) {
    Integer expiry = CNumbers.signed32(call.word(2));
    MemcachedItem item = call.keyTooLong(1) ? null : call.find(1);
    if (call.keyTooLong(1)) {
      call.answer(MemcachedCall.BAD_FORMAT);
    } else if (expiry == null) {
      call.answer(BAD_EXPIRY);
    } else if (item == null) {
      call.answer("NOT_FOUND");
    } else {
      item.expiresAtSecond(MemcachedItem.expiry(expiry, call.second()));
      call.answer("TOUCHED");
    }
  }

  static void flush(MemcachedCall call) {
    boolean delayed = call.count() != (call.noreply() ? 2 : 1);
    Integer delay = delayed ? CNumbers.signed32(call.word(1)) : Integer.valueOf(0);
    if (delay == null) {
      call.answer(BAD_EXPIRY);
      return;
    }
    long at = delay > 0 ? MemcachedItem.expiry(delay, call.second()) : call.second();
    call.model().flush(at, call.second());
    call.answer("OK");
  }
}
