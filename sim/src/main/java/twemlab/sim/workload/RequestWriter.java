package twemlab.sim.workload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.RespWriter;
import twemlab.sim.model.redis.RedisNumbers;

/// Turns a template of [WorkloadSettings.Mix] into a request. Words in lower case that stand for
/// something:
///
///     t n h l s         a key of the family text, number, hash, list, set; now and then of another
///     t..               one or more keys
///     t=v..             one or more keys, each with a value
///     v  w              a value of any size; of up to 16 bytes
///     i  m              a number from 0 to 99; one from 5,000,000 to 5,999,999
///     f                 one of twelve field names
///     data word number  memcached: flags, expiry, length, perhaps `noreply`, and a block like v, w, m
///     other-cas         memcached: the same with a cas number that no item has
///     reply             memcached: nothing, or `noreply`
///
/// Other words are sent as they are. The block of numbers starts high and the steps are small, so
/// that `decr` never shortens one: whether memcached then pads depends on its timing.
final class RequestWriter {
  private static final byte[] ALPHABET =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR0123456789\r\n $*:-+/_"
          .getBytes(StandardCharsets.ISO_8859_1);
  private static final String NO_ITEMS_CAS = "9223372036854775807";

  private final WorkloadSettings settings;
  private final WorkloadKeys keys;
  private final Choices choices;
  private final int[] sizeWeights;

  /// The words of each template, and the bytes of those that stand for themselves.
  private final Map<String, String[]> templates = new LinkedHashMap<>();

  private final Map<String, byte[]> literals = new LinkedHashMap<>();
  private final List<byte[]> words = new ArrayList<>();
  private final List<String> named = new ArrayList<>();
  private byte[] block;
  private boolean silent;

  RequestWriter(WorkloadSettings settings, WorkloadKeys keys, Choices choices) {
    this.settings = settings;
    this.keys = keys;
    this.choices = choices;
    this.sizeWeights = settings.sizes().stream().mapToInt(WorkloadSettings.Size::weight).toArray();
  }

  /// The bytes of one request.
  byte[] write(String template) {
    words.clear();
    named.clear();
    block = null;
    silent = false;
    for (String word : templates.computeIfAbsent(template, text -> text.split(" ", -1))) {
      expand(word);
    }
    return settings.protocol() == WireProtocol.REDIS ? redis() : memcached();
  }

  /// The keys of the last request.
  List<String> keys() {
    return List.copyOf(named);
  }

  /// Whether the last request asked for no reply.
  boolean silent() {
    return silent;
  }

  private void expand(String word) {
    if (WorkloadKeys.isFamily(word)) {
      boolean other = choices.chance(1, 64);
      name(other ? keys.drawAny(choices) : keys.draw(choices, word));
      return;
    }
    switch (word) {
      case "t.." -> repeat(() -> name(keys.draw(choices, "t")));
      case "t=v.." ->
          repeat(
              () -> {
                name(keys.draw(choices, "t"));
                words.add(value());
              });
      case "v" -> words.add(value());
      case "w" -> words.add(content(choices.below(17)));
      case "i" -> text(Integer.toString(choices.below(100)));
      case "m" -> words.add(number());
      case "f" -> text("field" + choices.below(12));
      case "data" -> block(value(), "");
      case "word" -> block(content(choices.below(17)), "");
      case "number" -> block(number(), "");
      case "other-cas" -> block(value(), NO_ITEMS_CAS);
      case "reply" -> noreply();
      default -> words.add(literals.computeIfAbsent(word, RequestWriter::bytes));
    }
  }

  private void repeat(Runnable element) {
    for (int left = choices.between(1, settings.keysPerRequestMax()); left > 0; left--) {
      element.run();
    }
  }

  private void name(String key) {
    named.add(key);
    text(key);
  }

  private void text(String word) {
    words.add(bytes(word));
  }

  private static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] number() {
    return RedisNumbers.format(5_000_000L + choices.below(1_000_000));
  }

  private byte[] value() {
    WorkloadSettings.Size size = settings.sizes().get(choices.weighted(sizeWeights));
    return content(choices.between(size.from(), size.to()));
  }

  /// Bytes from one draw, so that a large value is one choice to record and to shrink. They are
  /// rich in what could be taken for the protocol.
  private byte[] content(int length) {
    long state = choices.below(1 << 30);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      if (i % 10 == 0) {
        state = SeededChoices.mix(state + i + 1);
      }
      bytes[i] = ALPHABET[(int) (state >>> (6 * (i % 10))) & 63];
    }
    return bytes;
  }

  private void block(byte[] content, String cas) {
    text(Integer.toString(choices.below(4) == 0 ? choices.below(1 << 16) : 0));
    text(choices.chance(1, 4) ? "1000000" : "0");
    text(Integer.toString(content.length));
    if (!cas.isEmpty()) {
      text(cas);
    }
    noreply();
    block = content;
  }

  private void noreply() {
    silent = choices.chance(settings.noreplyPercent(), 100);
    if (silent) {
      text("noreply");
    }
  }

  private byte[] redis() {
    ReplyBuffer out = new ReplyBuffer();
    RespWriter writer = new RespWriter(out);
    writer.array(words.size());
    words.forEach(writer::bulk);
    return out.toByteArray();
  }

  private byte[] memcached() {
    ReplyBuffer out = new ReplyBuffer();
    for (int i = 0; i < words.size(); i++) {
      out.append(i == 0 ? "" : " ").append(words.get(i));
    }
    out.append("\r\n");
    if (block != null) {
      out.append(block).append("\r\n");
    }
    return out.toByteArray();
  }
}
