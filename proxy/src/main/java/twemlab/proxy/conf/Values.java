package twemlab.proxy.conf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalInt;
import twemlab.hashing.DistributionKind;
import twemlab.hashing.HashTag;
import twemlab.hashing.KeyHash;

/// The plain values of the file. Lengths and orders are those of the UTF-8 bytes, as in C.
///
/// C counterparts `nc_atoi`, `conf_set_num`, `conf_set_bool`, `conf_set_hash`,
/// `conf_set_distribution`, `conf_set_hashtag`, `string_compare`.
final class Values {
  /// By length, then by unsigned bytes: the order of servers and pools.
  static final Comparator<String> NUTCRACKER_ORDER =
      (a, b) -> {
        byte[] left = bytes(a);
        byte[] right = bytes(b);
        return left.length != right.length
            ? Integer.compare(left.length, right.length)
            : Arrays.compareUnsigned(left, right);
      };

  private static final int PORT_MAX = 65535;

  private Values() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Decimal digits only, up to 2147483647; empty for anything else. nutcracker lets larger numbers
  /// wrap around.
  static OptionalInt digits(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalInt.empty();
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      value = value * 10 + (text.charAt(i) - '0');
      if (value > Integer.MAX_VALUE) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of((int) value);
  }

  static OptionalInt port(String text) {
    OptionalInt port = digits(text);
    return port.isPresent() && port.getAsInt() >= 1 && port.getAsInt() <= PORT_MAX
        ? port
        : OptionalInt.empty();
  }

  static int number(String text) throws Refusal {
    return digits(text).orElseThrow(() -> new Refusal("is not a number"));
  }

  static boolean flag(String text) throws Refusal {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Refusal("is not \"true\" or \"false\"");
    };
  }

  static KeyHash hash(String text) throws Refusal {
    return KeyHash.byName(text).orElseThrow(() -> new Refusal("is not a valid hash"));
  }

  static DistributionKind distribution(String text) throws Refusal {
    return DistributionKind.byName(text)
        .orElseThrow(() -> new Refusal("is not a valid distribution"));
  }

  static HashTag hashTag(String text) throws Refusal {
    byte[] tag = bytes(text);
    if (tag.length != 2) {
      throw new Refusal("is not a valid hash tag string with two characters");
    }
    return new HashTag(tag[0], tag[1]);
  }
}
