package twemlab.proxy.trace;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import twemlab.event.kernel.Errno;

/// What a picture says of a step, in a few words.
final class RowText {
  private static final int NOTES_MAX = 3;

  static final Set<String> WAITS =
      Set.of("EPOLL_WAIT", "POLL", "SELECT", "KEVENT", "PORT_GETN", "URING_ENTER");

  private RowText() {}

  static String of(TraceRow row) {
    return switch (row.call) {
      case "SEGMENT" -> row.bytes + " bytes arrive";
      case "FIN" -> "end arrives";
      case "RESET" -> "reset arrives";
      case "CONNECTED" -> row.result == 0 ? "connected" : Errno.of(row.result).name();
      case "ACTOR" -> row.result == 0 ? "is connected" : "lost it: " + Errno.of(row.result);
      case "FAULT" -> row.note == null ? "fault" : "fault " + row.note;
      default -> call(row);
    };
  }

  private static String call(TraceRow row) {
    String name = row.call.toLowerCase(Locale.ROOT);
    String outcome = row.result < 0 ? Errno.of(row.result).name() : String.valueOf(row.result);
    if (WAITS.contains(row.call)) {
      String asked = row.asks().isEmpty() ? "" : " +" + row.asks().size();
      return name + asked + (row.ready().isEmpty() ? " = " + outcome : ": " + list(row.ready()));
    }
    if (!row.asks().isEmpty()) {
      return name + " " + list(row.asks()) + (row.result < 0 ? " = " + outcome : "");
    }
    return name + (row.fd < 0 ? "" : " " + row.fd) + " = " + outcome;
  }

  private static String list(List<TraceRow.Note> notes) {
    String shown =
        notes.stream()
            .limit(NOTES_MAX)
            .map(note -> (note.note().fd() < 0 ? "" : note.note().fd() + " ") + note.note().text())
            .collect(Collectors.joining(", "));
    int more = notes.size() - NOTES_MAX;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
