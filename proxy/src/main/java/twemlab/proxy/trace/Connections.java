package twemlab.proxy.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;

/// The proxy's connections as a trace names them, and what their bytes mean.
///
/// A connection is named after its peer, and numbered: `pool1-client1#2` is the second one of that
/// client. Descriptors come and go; a name belongs to one connection.
public final class Connections {
  private static final String PROXY = "proxy";

  private final Party.Directory directory;
  private final Map<Integer, Connection> byDescriptor = new HashMap<>();
  private final Map<Ends, Connection> byEnds = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /// Requests of clients that were read to their end.
  private long requests;

  /// The addresses of the proxy's end and of the other one.
  private record Ends(Address own, Address other) {}

  private static final class Connection {
    private final String name;
    private final String peer;
    private final boolean client;
    private final MessageReader in;
    private final MessageReader out;

    private Connection(String name, Party party) {
      this.name = name;
      this.peer = party.name();
      this.client = party.client();
      boolean redis = party.redis();
      this.in = party.client() ? MessageReader.requests(redis) : MessageReader.replies(redis);
      this.out = party.client() ? MessageReader.replies(redis) : MessageReader.requests(redis);
    }

    private Connection(String name) {
      this.name = name;
      this.peer = null;
      this.client = false;
      this.in = null;
      this.out = null;
    }
  }

  /// Connections whose parties a directory knows.
  public Connections(Party.Directory directory) {
    this.directory = directory;
  }

  /// Adds to a row what is known of its call.
  public void describe(Call call, TraceRow row) {
    follow(call);
    Connection connection = byDescriptor.get(call.fd());
    if (call.name().equals("ACCEPT") && call.result() >= 0) {
      connection = byDescriptor.get((int) call.result());
    }
    if (connection != null) {
      row.connection(connection.name, connection.peer);
    }
    if (call.data() != null) {
      row.data(call.data());
      row.parser = parse(connection, call.name().equals("READ"), call.data());
    }
    row.notes(notes(call.asks(), false), notes(call.ready(), true));
    row.requests = requests;
    if (call.name().equals("CLOSE")) {
      byDescriptor.remove(call.fd());
    }
  }

  private void follow(Call call) {
    switch (call.name()) {
      case "LISTEN" -> byDescriptor.put(call.fd(), new Connection("listener " + own(call.fd())));
      case "ACCEPT" -> {
        if (call.result() >= 0) {
          open((int) call.result(), true, null);
        }
      }
      case "CONNECT" -> {
        if (call.result() == 0 || call.result() == Errno.EINPROGRESS.result()) {
          open(call.fd(), false, call.address());
        }
      }
      case "SOCKETPAIR" -> {
        if (call.result() == 0) {
          byDescriptor.put(call.fd(), new Connection("wake-up"));
          byDescriptor.put((int) call.amount(), new Connection("wake-up"));
        }
      }
      case "EPOLL_CREATE", "KQUEUE", "PORT_CREATE", "URING_SETUP" -> {
        if (call.result() >= 0) {
          byDescriptor.put((int) call.result(), new Connection("event base"));
        }
      }
      default -> {}
    }
  }

  private String own(int fd) {
    Address address = directory.local(fd);
    return address == null ? String.valueOf(fd) : address.toString();
  }

  private void open(int fd, boolean accepted, Address to) {
    Ends ends = new Ends(directory.local(fd), to == null ? directory.peer(fd) : to);
    Connection known = accepted ? byEnds.remove(ends) : null;
    Connection connection = known == null ? create(ends, accepted) : known;
    byDescriptor.put(fd, connection);
    byEnds.put(ends, connection);
  }

  private Connection create(Ends ends, boolean accepted) {
    Party party = directory.party(ends.own, ends.other, accepted);
    int number = numbers.merge(party.name(), 1, Integer::sum);
    return new Connection(party.name() + "#" + number, party);
  }

  /// Adds to a row on which connection a delivery was, which may come before it is accepted.
  ///
  /// @param own the proxy's address
  /// @param other the address at the other end
  /// @param atProxy whether the step is at the proxy's end, and not at the other one
  public void deliver(Address own, Address other, boolean atProxy, TraceRow row) {
    if (own == null || other == null) {
      return;
    }
    // What the proxy has connected to itself is known since it did so.
    Connection connection =
        byEnds.computeIfAbsent(new Ends(own, other), ends -> create(ends, true));
    row.connection(connection.name, atProxy ? connection.peer : PROXY);
  }

  private List<TraceRow.Note> notes(List<Call.Note> notes, boolean reported) {
    List<TraceRow.Note> described = new ArrayList<>(notes.size());
    for (Call.Note note : notes) {
      if (reported && note.text().startsWith("ACCEPT") && note.result() >= 0) {
        open(note.result(), true, null);
      }
      Connection connection = byDescriptor.get(note.fd());
      boolean in = note.text().startsWith("RECV");
      String parser = note.data() == null ? null : parse(connection, in, note.data());
      String name = connection == null ? null : connection.name;
      described.add(new TraceRow.Note(note, name, parser));
    }
    return described;
  }

  private String parse(Connection connection, boolean in, byte[] data) {
    MessageReader reader = connection == null ? null : in ? connection.in : connection.out;
    if (reader == null) {
      return null;
    }
    long before = reader.completed();
    String text = reader.read(data);
    requests += in && connection.client ? reader.completed() - before : 0;
    return text;
  }
}
