package twemlab.sim.kernel;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import twemlab.event.kernel.Errno;
import twemlab.sim.world.SimFile;

/// A process' descriptor table: the lowest free number is given out, from 3 on.
final class Descriptors {
  private static final int FIRST = 3;

  private final List<SimFile> files = new ArrayList<>();

  /// Those that hear of each descriptor that is closed, also if its file stays open.
  private final List<SimFile> queues = new ArrayList<>();

  private final int limit;
  private int open;

  /// Numbers that were closed since the last wait.
  private final BitSet closedInBatch = new BitSet();

  private long reusedInBatch;

  /// Numbers that were given out since the last wait: nothing can have been told about them.
  private final BitSet openedInBatch = new BitSet();

  private long unasked;
  private long emptyReads;

  Descriptors(int limit) {
    this.limit = limit;
    for (int i = 0; i < FIRST; i++) {
      files.add(null);
    }
  }

  int limit() {
    return limit;
  }

  int open() {
    return open;
  }

  boolean full() {
    return lowestFree() >= limit;
  }

  /// Gives `file` a number, or answers EMFILE.
  int add(SimFile file) {
    int fd = lowestFree();
    if (fd >= limit) {
      return Errno.EMFILE.result();
    }
    if (fd == files.size()) {
      files.add(file);
    } else {
      files.set(fd, file);
    }
    open++;
    if (file instanceof KqueueFile || file instanceof PortFile) {
      queues.add(file);
    }
    file.retain();
    if (closedInBatch.get(fd)) {
      reusedInBatch++;
    }
    openedInBatch.set(fd);
    return fd;
  }

  /// The file behind a number, or null.
  SimFile get(int fd) {
    return fd >= 0 && fd < files.size() ? files.get(fd) : null;
  }

  /// What waits to be reported, of all files that report others.
  List<Integer> queued() {
    List<Integer> queued = new ArrayList<>();
    for (SimFile file : files) {
      if (file != null) {
        file.queued(queued);
      }
    }
    return queued;
  }

  int close(int fd) {
    SimFile file = get(fd);
    if (file == null) {
      return Errno.EBADF.result();
    }
    files.set(fd, null);
    open--;
    closedInBatch.set(fd);
    for (SimFile other : queues) {
      if (other instanceof KqueueFile queue) {
        queue.descriptorClosed(fd);
      } else if (other instanceof PortFile port) {
        port.descriptorClosed(fd);
      }
    }
    queues.remove(file);
    file.drop();
    return 0;
  }

  /// The process waits: whatever it closes from here on is another batch.
  void waits() {
    closedInBatch.clear();
    openedInBatch.clear();
  }

  /// How often a number was given out again before the process waited (rule E13).
  long reusedInBatch() {
    return reusedInBatch;
  }

  /// A call told the process that the descriptor's connection is lost: what arrived before is there
  /// to be read, without any event.
  void toldOfLoss(int fd) {
    openedInBatch.clear(fd);
  }

  /// The process asks something of a descriptor that only an event could make it ask.
  void asked(int fd) {
    if (openedInBatch.get(fd)) {
      unasked++;
    }
  }

  /// How often it asked that of a descriptor that no wait can have reported (rule E13).
  long unasked() {
    return unasked;
  }

  /// The process read a socket in which nothing was.
  void readNothing() {
    emptyReads++;
  }

  long emptyReads() {
    return emptyReads;
  }

  void closeAll() {
    for (int fd = 0; fd < files.size(); fd++) {
      if (files.get(fd) != null) {
        close(fd);
      }
    }
  }

  private int lowestFree() {
    if (open == files.size() - FIRST) {
      return files.size();
    }
    int fd = FIRST;
    while (files.get(fd) != null) {
      fd++;
    }
    return fd;
  }
}
