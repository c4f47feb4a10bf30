package twemlab.proxy.message;

import java.util.Arrays;
import twemlab.event.mbuf.MbufArea;
import twemlab.event.mbuf.MbufChain;
import twemlab.event.mbuf.MbufWriter;
import twemlab.hashing.KeyRouter;
import twemlab.protocol.ReplyView;

/// What only a request needs that is divided among several servers: its fragments, which of them
/// has which key, and how far the work on it has come.
///
/// ```text
/// DIVIDING ──► WAITING ──► CHECKING ──► GATHERING
///     of all    for the     memcached:   of all
///      keys     replies     of all keys   keys
/// ```
///
/// On the heap it is as large as the number of servers asks for. What grows with the number of keys
/// lies in mbufs: for each key the index of its part, one byte as long as the pool has not more
/// than 256 servers. Places of keys and elements are kept nowhere: they are found again by going
/// through the request and the replies.
///
/// An owner has a division from when its keys are first looked at until its reply is gathered, or
/// nobody waits for it any more; its fragments refer to the same one meanwhile. Pooled and mutable,
/// and bound to the loop's thread.
public final class Division {
  /// What is being done.
  public enum Phase {
    DIVIDING,
    WAITING,
    CHECKING,
    GATHERING
  }

  /// What is known of one fragment.
  public static final class Part {
    /// The server's index in its pool.
    public int server;

    /// The request that goes to the server; null until more than one server is known to have keys.
    public Msg fragment;

    /// Where the fragment is written.
    public final MbufArea area;

    /// How many keys it asks for.
    public int keyCount;

    /// How many elements the reply has, and how many of them were taken.
    public int elementCount;

    public int elementsTaken;

    /// Goes through the reply while it is gathered; otherwise null.
    public Walks.Elements elements;

    /// The reply's number, if it is one.
    public long integer;

    private Part(MbufWriter writer) {
      area = new MbufArea(writer);
    }

    private void begin(int newServer) {
      server = newServer;
      keyCount = 0;
      elementCount = 0;
      elementsTaken = 0;
      integer = 0;
    }

    /// Notes what the parser said of the reply.
    void keepOutcome(ReplyView view) {
      integer = view.integer();
      elementCount = view.elementCount();
    }

    private void clear() {
      fragment = null;
      area.close();
    }
  }

  /// A division that had more parts than this does not keep them.
  private static final int PARTS_KEPT = 64;

  private static final int PARTS_AT_FIRST = 4;

  private final MbufWriter writer;

  /// The request that is divided, and the pool of its servers.
  public Msg owner;

  KeyWorker pool;
  public Phase phase;

  /// Keys in the request, and how many of them this phase has done.
  public int keyCount;

  public int keysDone;

  /// Fragments that are not answered yet.
  public int open;

  /// All keys are routed by one ring and one drawn number.
  public KeyRouter router;

  public int drawn;

  /// memcached: the time that precedes the keys of `gat` and `gats`.
  public long exptime;

  /// Goes through the keys; null in phases that need no key.
  public Walks.Keys keys;

  /// Bytes that follow each other in the request, or in a part's reply, and go to the same place:
  /// the part, or -1 for none, and the offsets.
  public int runPart;

  public int runStart;
  public int runEnd;

  /// The index of each key's part, see [PartTable].
  public final MbufChain partOfKey = new MbufChain();

  /// Bytes of all replies together, when they have come.
  public long bytesToGather;

  /// Where the gathered reply is written.
  public final MbufArea area;

  /// Its neighbours in the list of those that wait for their next slice.
  Division before;

  Division after;
  boolean listed;

  private Part[] parts = new Part[PARTS_AT_FIRST];
  private int partCount;

  Division(MbufWriter writer) {
    this.writer = writer;
    this.area = new MbufArea(writer);
  }

  /// Begins a phase with the first key.
  public void begin(Phase next) {
    phase = next;
    keysDone = 0;
    runPart = -1;
  }

  /// How many servers own keys, as far as is known.
  public int partCount() {
    return partCount;
  }

  /// One of them, in the order in which their first keys were met.
  public Part part(int i) {
    return parts[i];
  }

  /// Whether no walk reads the request's bytes, so that they may be moved.
  boolean mayMove() {
    return keys == null;
  }

  /// Bytes of the fragments' replies.
  public long replyBytes() {
    long sum = 0;
    for (int i = 0; i < partCount; i++) {
      Msg fragment = parts[i].fragment;
      sum += fragment == null ? 0 : fragment.reply.length();
    }
    return sum;
  }

  /// Adds the part of a server.
  public Part add(int server) {
    if (partCount == parts.length) {
      parts = Arrays.copyOf(parts, partCount * 2);
    }
    if (parts[partCount] == null) {
      parts[partCount] = new Part(writer);
    }
    Part part = parts[partCount++];
    part.begin(server);
    return part;
  }

  /// Forgets everything; a division that once was large does not keep its parts forever.
  void clear() {
    for (int i = 0; i < partCount; i++) {
      parts[i].clear();
    }
    if (parts.length > PARTS_KEPT) {
      parts = new Part[PARTS_AT_FIRST];
    }
    owner = null;
    pool = null;
    router = null;
    partCount = 0;
    open = 0;
    partOfKey.clear();
    area.close();
  }
}
