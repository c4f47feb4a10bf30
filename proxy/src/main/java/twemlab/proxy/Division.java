package twemlab.proxy;

import java.util.Arrays;
import twemlab.protocol.ReplyType;
import twemlab.protocol.ReplyView;
import twemlab.protocol.RequestView;

/// What only a request needs that is divided among several servers: its fragments, and which of
/// them has which key.
///
/// An owner has a division from when it is divided until its reply is gathered, or nobody waits for
/// it any more; its fragments refer to the same one meanwhile. Pooled and mutable, and bound to the
/// loop's thread.
final class Division {
  /// What is known of one fragment.
  static final class Part {
    /// The request that goes to the server.
    Msg fragment;

    /// The server's index in its pool.
    int server;

    /// How many keys it asks for.
    int keyCount;

    /// How many elements the reply has, and the one that gathering takes next.
    int elementCount;

    int nextElement;

    /// The reply's number, if it is one.
    long integer;

    /// Of each element of the reply: start, end, start and end of its key.
    int[] elements = new int[0];

    /// Notes where the elements of the reply lie.
    void keepElements(ReplyView view) {
      elementCount = view.elementCount();
      if (elements.length < 4 * elementCount) {
        elements = new int[4 * elementCount];
      }
      boolean keyed = view.type() == ReplyType.END;
      for (int i = 0; i < elementCount; i++) {
        elements[4 * i] = view.elementStart(i);
        elements[4 * i + 1] = view.elementEnd(i);
        elements[4 * i + 2] = keyed ? view.elementKeyStart(i) : 0;
        elements[4 * i + 3] = keyed ? view.elementKeyEnd(i) : 0;
      }
    }

    private void clear() {
      fragment = null;
      keyCount = 0;
      elementCount = 0;
      nextElement = 0;
      integer = 0;
      if (elements.length > 4096) {
        elements = new int[0];
      }
    }
  }

  /// The request that was divided.
  Msg owner;

  /// Fragments that are not answered yet.
  int open;

  int keyCount;

  /// Start and end of each key in the request.
  int[] keys = new int[8];

  /// The index of each key's part.
  int[] partOfKey = new int[4];

  private Part[] parts = new Part[4];
  private int partCount;

  /// How many fragments there are.
  int partCount() {
    return partCount;
  }

  /// One of them, in the order of the servers' indices.
  Part part(int i) {
    return parts[i];
  }

  /// Notes the keys of a request.
  void keepKeys(RequestView view) {
    keyCount = view.keyCount();
    if (partOfKey.length < keyCount) {
      partOfKey = new int[keyCount];
      keys = new int[2 * keyCount];
    }
    for (int i = 0; i < keyCount; i++) {
      keys[2 * i] = view.keyStart(i);
      keys[2 * i + 1] = view.keyEnd(i);
    }
  }

  /// Bytes of the fragments' replies.
  long replyBytes() {
    long sum = 0;
    for (int i = 0; i < partCount; i++) {
      sum += parts[i].fragment.reply.length();
    }
    return sum;
  }

  /// Adds a fragment.
  Part add(Msg fragment) {
    if (partCount == parts.length) {
      parts = Arrays.copyOf(parts, partCount * 2);
    }
    if (parts[partCount] == null) {
      parts[partCount] = new Part();
    }
    fragment.division = this;
    fragment.place(partCount);
    Part part = parts[partCount++];
    part.fragment = fragment;
    open++;
    return part;
  }

  /// Forgets everything; a division that once was large does not keep its tables for ever.
  void clear() {
    for (int i = 0; i < partCount; i++) {
      parts[i].clear();
    }
    owner = null;
    partCount = 0;
    open = 0;
    keyCount = 0;
    if (keys.length > 1024) {
      keys = new int[8];
      partOfKey = new int[4];
    }
  }
}
