package twemlab.proxy.conf;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// A place in the file; line and column count from 1.
record Position(int line, int column) {
  static final Position START = new Position(1, 1);

  static Position of(Event event) {
    return of(event.getStartMark());
  }

  static Position of(Optional<Mark> mark) {
    return mark.map(m -> new Position(m.getLine() + 1, m.getColumn() + 1)).orElse(START);
  }

  /// The place of the character with this index (counted in code points) in a text.
  static Position ofIndex(String text, int index) {
    int line = 1;
    int column = 1;
    int[] before = text.codePoints().limit(index).toArray();
    for (int c : before) {
      line = c == '\n' ? line + 1 : line;
      column = c == '\n' ? 1 : column + 1;
    }
    return new Position(line, column);
  }

  boolean isAfter(Position other) {
    return line > other.line || (line == other.line && column > other.column);
  }
}
