package twemlab.sim.model.memcached;

import twemlab.sim.model.ReplyBuffer;

/// The memcached commands that change no item.
final class MemcachedReads {
  private MemcachedReads() {}

  static void get(MemcachedCall call, boolean withCas) {
    for (int i = 1; i < call.count(); i++) {
      if (call.keyTooLong(i)) {
        call.out().append(MemcachedCall.BAD_FORMAT).append("\r\n");
        return;
      }
    }
    for (int i = 1; i < call.count(); i++) {
      MemcachedItem item = call.find(i);
      if (item != null) {
        value(call.out(), call.word(i), item, withCas);
      }
    }
    call.out().append("END\r\n");
  }

  private static void value(ReplyBuffer out, byte[] key, MemcachedItem item, boolean withCas) {
    out.append("VALUE ").append(key).append(" ").append(Integer.toUnsignedLong(item.flags()));
    out.append(" ").append(item.value().length);
    if (withCas) {
      out.append(" ").append(Long.toUnsignedString(item.cas()));
    }
    out.append("\r\n").append(item.value()).append("\r\n");
  }

  static void version(MemcachedCall call) {
    call.out().append("VERSION " + MemcachedModel.VERSION + "\r\n");
  }

  static void verbosity(MemcachedCall call) {
    if (CNumbers.unsigned32(call.word(1)) == null) {
      call.answer(MemcachedCall.BAD_FORMAT);
    } else {
      call.answer("OK");
    }
  }

  /// `stats` alone gives a few of memcached's lines; `stats` with an argument gives none, except
  /// `stats reset`.
  static void stats(MemcachedCall call) {
    if (call.count() == 2 && call.text(1).equals("reset")) {
      call.out().append("RESET\r\n");
      return;
    }
    if (call.count() == 1) {
      call.out().append("STAT version " + MemcachedModel.VERSION + "\r\n");
      call.out().append("STAT curr_items ").append(call.model().size()).append("\r\n");
      call.out().append("STAT bytes ").append(call.model().bytes()).append("\r\n");
    }
    call.out().append("END\r\n");
  }
}
