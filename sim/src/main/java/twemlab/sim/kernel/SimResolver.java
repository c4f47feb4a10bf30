package twemlab.sim.kernel;

import java.util.ArrayList;
import java.util.List;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Resolver;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Trace;
import twemlab.sim.world.World;

/// Names from the world's table; answers to names come later, and unasked for, as in reality.
final class SimResolver implements Resolver {
  private static final long LOOK_UP_NANOS = 2_000_000;

  private final World world;
  private final String process;

  SimResolver(World world, String process) {
    this.world = world;
    this.process = process;
  }

  @Override
  public void resolve(String host, int port, Answer answer) {
    byte[] literal = host.indexOf(':') >= 0 ? inet6(host) : inet4(host);
    if (literal != null) {
      answer.resolved(Address.inet(literal, port));
    } else {
      world.scheduler().after(LOOK_UP_NANOS, () -> lookUp(host, port, answer));
    }
  }

  private void lookUp(String host, int port, Answer answer) {
    Address.Inet found = world.lookUp(host);
    boolean failed = found == null || world.faults().fires(Fault.RESOLVE_FAILED);
    world.trace().add(process, Trace.Kind.RESOLVE, port, failed ? -1 : 0, 0);
    if (failed) {
      answer.failed(Errno.EHOSTDOWN);
    } else {
      answer.resolved(new Address.Inet(found.octets(), port));
    }
  }

  /// The bytes of a dotted quad, or null.
  static byte[] inet4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] octets = new byte[4];
    for (int i = 0; i < 4; i++) {
      int value = parts.length == 4 ? number(parts[i], 10, 255) : -1;
      if (value < 0) {
        return null;
      }
      octets[i] = (byte) value;
    }
    return octets;
  }

  /// The bytes of an IPv6 literal of hexadecimal groups with at most one `::`, or null (RFC 4291,
  /// 2.2, forms 1 and 2).
  static byte[] inet6(String text) {
    int gap = text.indexOf("::");
    List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap));
    List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2));
    if (head == null || tail == null) {
      return null;
    }
    int count = head.size() + tail.size();
    if (gap < 0 ? count != 8 : count > 7) {
      return null;
    }
    byte[] octets = new byte[16];
    for (int i = 0; i < head.size(); i++) {
      put(octets, i, head.get(i));
    }
    for (int i = 0; i < tail.size(); i++) {
      put(octets, 8 - tail.size() + i, tail.get(i));
    }
    return octets;
  }

  private static void put(byte[] octets, int group, int value) {
    octets[2 * group] = (byte) (value >>> 8);
    octets[2 * group + 1] = (byte) value;
  }

  private static List<Integer> groups(String text) {
    List<Integer> groups = new ArrayList<>();
    if (text.isEmpty()) {
      return groups;
    }
    for (String part : text.split(":", -1)) {
      int value = number(part, 16, 0xffff);
      if (value < 0) {
        return null;
      }
      groups.add(value);
    }
    return groups;
  }

  /// The number of one to four digits, or -1.
  private static int number(String digits, int radix, int max) {
    if (digits.isEmpty() || digits.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value > max ? -1 : value;
  }
}
