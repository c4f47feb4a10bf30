package twemlab.proxy.trace;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.kernel.Errno;

/// One step of a trace, as a line of a `.jsonl` file: `docs/viewer.md` describes each field.
///
/// It is filled in by whoever knows what: the simulation, the kernel around the kernel, the
/// connections. Unknown fields are left out of the line.
public final class TraceRow {
  /// So many of a step's bytes are kept.
  public static final int PREVIEW = 256;

  /// When it happened, in nanoseconds of the monotonic clock.
  public final long time;

  /// The actor of the step.
  public final String actor;

  /// The system call, or what the network did.
  public final String call;

  /// The descriptor, the port at a delivery, or -1.
  public final int fd;

  /// What the call answered.
  public final long result;

  /// How many bytes, or another number among the arguments.
  public final long bytes;

  long turn = -1;
  long messages = -1;
  long requests;
  String connection;
  String peer;
  String parser;
  String note;
  private byte[] data;
  private List<Note> asks = List.of();
  private List<Note> ready = List.of();
  private List<Integer> queue;

  /// A note of a call with what the connections know of it.
  record Note(Call.Note note, String connection, String parser) {}

  /// A step of which only the plain facts are known.
  public TraceRow(long time, String actor, String call, int fd, long result, long bytes) {
    this.time = time;
    this.actor = actor;
    this.call = call;
    this.fd = fd;
    this.result = result;
    this.bytes = bytes;
  }

  /// Says in which turn of the loop it was, and how many messages were in use.
  public void turn(long number, long messagesInUse) {
    turn = number;
    messages = messagesInUse;
  }

  /// Says on which connection it was, and with which peer.
  public void connection(String name, String other) {
    connection = name;
    peer = other;
  }

  /// Adds the bytes that moved.
  public void data(byte[] bytes) {
    data = bytes;
  }

  /// Says which descriptors the kernel holds ready, in its order.
  public void queue(List<Integer> descriptors) {
    queue = descriptors;
  }

  /// Says in a word what the numbers stand for.
  public void note(String text) {
    note = text;
  }

  /// The turn of the loop, counted from 0, or -1 if none was said.
  public long turn() {
    return turn;
  }

  /// The connection's name, or null.
  public String connection() {
    return connection;
  }

  /// How many requests the proxy had read to their end by then, from all clients.
  public long requests() {
    return requests;
  }

  /// The step in a few words, such as `read 8 = 36`.
  public String text() {
    return RowText.of(this);
  }

  void notes(List<Note> asked, List<Note> reported) {
    asks = asked;
    ready = reported;
  }

  String dataText() {
    return data == null ? null : preview(data);
  }

  /// Whether it failed: the errors that a loop meets every day are none.
  public boolean failed() {
    Errno errno = Errno.of(result);
    return result < 0
        && !call.equals("SEGMENT")
        && errno != Errno.EAGAIN
        && errno != Errno.EINPROGRESS
        && errno != Errno.ETIME;
  }

  /// Whether it waits for events, and may report some.
  public boolean waits() {
    return RowText.WAITS.contains(call);
  }

  List<Note> asks() {
    return asks;
  }

  List<Note> ready() {
    return ready;
  }

  private static String preview(byte[] bytes) {
    int length = Math.min(bytes.length, PREVIEW);
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /// The step as one line of JSON, without its end.
  public String json() {
    Json json = new Json();
    json.begin()
        .field("time", time)
        .field("actor", actor)
        .field("call", call)
        .field("fd", fd)
        .field("result", result)
        .field("bytes", bytes);
    if (turn >= 0) {
      json.field("turn", turn).field("messages", messages);
    }
    json.optional("conn", connection).optional("peer", peer).optional("data", dataText());
    json.optional("parser", parser).optional("note", note);
    notes(json, "asks", asks);
    notes(json, "ready", ready);
    if (queue != null) {
      json.raw("queue", queue.toString().replace(" ", ""));
    }
    return json.end();
  }

  private static void notes(Json json, String name, List<Note> notes) {
    if (notes.isEmpty()) {
      return;
    }
    List<String> parts = new ArrayList<>();
    for (Note note : notes) {
      Json part = new Json();
      part.begin().field("fd", note.note().fd()).field("events", note.note().text());
      part.optional("conn", note.connection());
      part.optional("data", note.note().data() == null ? null : preview(note.note().data()));
      part.optional("parser", note.parser());
      parts.add(part.end());
    }
    json.raw(name, "[" + String.join(",", parts) + "]");
  }
}
