package twemlab.sim.run.differential;

import java.util.ArrayList;
import java.util.List;

/// Pieces of a client's bytes that nutcracker gets on a connection of their own: where it closes by
/// a rule, the next segment goes on behind it, as the client of ours does on its one connection.
///
/// @param items one, if it is special; else as many as follow each other
/// @param authenticated whether the client had given the password before
/// @param pieces the bytes as they are cut
record Segment(List<Item> items, boolean authenticated, List<String> pieces) {
  Item first() {
    return items.getFirst();
  }

  String text() {
    return String.join("", pieces);
  }

  /// Divides the bytes of a step.
  ///
  /// @param faulty whether servers misbehave: then a request that nutcracker may close behind is
  ///   special
  static List<Segment> of(Reading reading, Step step, boolean faulty) {
    String text = step.text();
    List<Segment> segments = new ArrayList<>();
    List<Item> plain = new ArrayList<>();
    int at = 0;
    int start = 0;
    boolean authenticated = reading.authenticated();
    boolean open = true;
    while (at < text.length() && open) {
      boolean before = reading.authenticated();
      Item item = wholeRest(reading.next(text, at), text.substring(at));
      open = !item.endsOurs();
      if (isPlain(item, faulty)) {
        authenticated = plain.isEmpty() ? before : authenticated;
        start = plain.isEmpty() ? at : start;
        plain.add(item);
      } else {
        add(segments, plain, authenticated, cut(step, start, at));
        plain = new ArrayList<>();
        int end = at + item.bytes().length();
        segments.add(new Segment(List.of(item), before, cut(step, at, end)));
      }
      at += item.bytes().length();
    }
    add(segments, plain, authenticated, cut(step, start, at));
    return segments;
  }

  /// What ours reads nothing more after takes the rest of the bytes with it; so does a beginning.
  /// Not a `quit`: nutcracker closes with those bytes unread, and what it has answered may be lost.
  private static Item wholeRest(Item item, String rest) {
    if (item == null) {
      return Item.of(rest, Item.Treatment.INCOMPLETE, null, "");
    }
    return item.endsOurs() && item.treatment() != Item.Treatment.ENDS
        ? new Item(rest, item.treatment(), item.rule(), item.ours(), null, null)
        : item;
  }

  private static boolean isPlain(Item item, boolean faulty) {
    return switch (item.treatment()) {
      case SAME, ENDS -> true;
      case NUTCRACKER_MAY_CLOSE -> !faulty;
      default -> false;
    };
  }

  private static void add(
      List<Segment> segments, List<Item> items, boolean authenticated, List<String> pieces) {
    if (!items.isEmpty()) {
      segments.add(new Segment(items, authenticated, pieces));
    }
  }

  /// A part of the step's bytes, cut where the step is cut.
  private static List<String> cut(Step step, int from, int to) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    for (String piece : step.pieces()) {
      int start = Math.max(from, at);
      int end = Math.min(to, at + piece.length());
      if (start < end) {
        parts.add(piece.substring(start - at, end - at));
      }
      at += piece.length();
    }
    return parts;
  }
}
