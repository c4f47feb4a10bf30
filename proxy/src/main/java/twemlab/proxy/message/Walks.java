package twemlab.proxy.message;

import java.util.ArrayDeque;
import twemlab.protocol.ElementWalk;
import twemlab.protocol.KeyWalk;
import twemlab.protocol.command.Command;

/// What goes through requests and replies, for the divisions that are being worked on: a waiting
/// one needs none. Kept for re-use.
public final class Walks {
  private static final int KEPT = 256;

  /// Goes through the keys of a request.
  public static final class Keys {
    public final KeyWalk walk = new KeyWalk();
    private final ChainRanges ranges = new ChainRanges();
  }

  /// Goes through the elements of a reply.
  public static final class Elements {
    public final ElementWalk walk = new ElementWalk();
    private final ChainRanges ranges = new ChainRanges();
  }

  private final ArrayDeque<Keys> keys = new ArrayDeque<>();
  private final ArrayDeque<Elements> elements = new ArrayDeque<>();

  /// Has a division go through its request's keys, from the first on.
  public void startKeys(Division division) {
    if (division.keys == null) {
      Keys kept = keys.poll();
      division.keys = kept == null ? new Keys() : kept;
    }
    Msg owner = division.owner;
    Command command = owner.command;
    division.keys.walk.start(division.keys.ranges.of(owner.request), command);
  }

  /// Has a division go through the replies to its fragments, each from its first element on.
  public void startElements(Division division) {
    boolean redis = division.pool.redis();
    for (int i = 0; i < division.partCount(); i++) {
      Division.Part part = division.part(i);
      if (part.elements == null) {
        Elements kept = elements.poll();
        part.elements = kept == null ? new Elements() : kept;
      }
      part.elementsTaken = 0;
      part.elements.walk.start(part.elements.ranges.of(part.fragment.reply), redis);
    }
  }

  /// Takes everything back.
  public void stop(Division division) {
    if (division.keys != null) {
      division.keys.walk.stop();
      division.keys.ranges.of(null);
      keep(keys, division.keys);
      division.keys = null;
    }
    for (int i = 0; i < division.partCount(); i++) {
      Division.Part part = division.part(i);
      if (part.elements != null) {
        part.elements.walk.stop();
        part.elements.ranges.of(null);
        keep(elements, part.elements);
        part.elements = null;
      }
    }
  }

  private static <T> void keep(ArrayDeque<T> kept, T object) {
    if (kept.size() < KEPT) {
      kept.push(object);
    }
  }
}
