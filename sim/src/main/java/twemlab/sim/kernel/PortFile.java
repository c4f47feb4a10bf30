package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.EventPortCalls;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;

/// An event port: associations that each give one event (P2, P3).
final class PortFile extends SimFile {
  /// An event that waits to be retrieved, of an association or of port_send.
  private static class Event {
    int events;
    long user;
  }

  private final class Association extends Event implements Watcher {
    private final int fd;
    private final SimFile file;
    private int interest;
    private boolean sent;

    private Association(int fd, SimFile file) {
      this.fd = fd;
      this.file = file;
      file.watch(this);
    }

    /// P2: one notification, with what is the case at that moment.
    private void look() {
      int mask = file.poll() & (interest | Ready.ERR | Ready.HUP);
      if (!sent && mask != 0) {
        sent = true;
        events = mask;
        send(this);
      }
    }

    @Override
    public void wake(int key) {
      look();
    }

    @Override
    public void fileClosed() {
      end(this);
    }
  }

  private final Map<Integer, Association> associations = new TreeMap<>();
  private final ArrayDeque<Event> waiting = new ArrayDeque<>();

  /// P1: an association that exists gets new events and a new cookie.
  int associate(int fd, SimFile file, int interest, long user) {
    if (!file.pollable()) {
      return Errno.EBADFD.result();
    }
    Association association = associations.get(fd);
    if (association == null) {
      association = new Association(fd, file);
      associations.put(fd, association);
    } else if (association.sent) {
      waiting.remove(association);
      association.sent = false;
    }
    association.interest = interest;
    association.user = user;
    association.look();
    return 0;
  }

  /// P7.
  int dissociate(int fd) {
    Association association = associations.get(fd);
    if (association == null) {
      return Errno.ENOENT.result();
    }
    end(association);
    return 0;
  }

  private void end(Association association) {
    association.file.unwatch(association);
    associations.remove(association.fd);
    waiting.remove(association);
  }

  void descriptorClosed(int fd) {
    if (associations.containsKey(fd)) {
      dissociate(fd);
    }
  }

  void send(int events, long user) {
    Event event = new Event();
    event.events = events;
    event.user = user;
    send(event);
  }

  private void send(Event event) {
    waiting.add(event);
    wake(Ready.READABLE);
  }

  int waiting() {
    return waiting.size();
  }

  @Override
  public void queued(List<Integer> descriptors) {
    for (Event event : waiting) {
      if (event instanceof Association association) {
        descriptors.add(association.fd);
      }
    }
  }

  /// Takes events, at most `max`; each ends its association (P3).
  int collect(MemorySegment list, long offset, int max) {
    int count = 0;
    while (count < max && !waiting.isEmpty()) {
      Event event = waiting.remove();
      long at = offset + (long) count * EventPortCalls.EVENT_SIZE;
      boolean user = !(event instanceof Association);
      list.set(JAVA_INT_UNALIGNED, at + EventPortCalls.EVENTS, event.events);
      list.set(
          JAVA_SHORT_UNALIGNED,
          at + EventPortCalls.SOURCE,
          user ? EventPortCalls.PORT_SOURCE_USER : EventPortCalls.PORT_SOURCE_FD);
      list.set(
          JAVA_LONG_UNALIGNED,
          at + EventPortCalls.OBJECT,
          event instanceof Association association ? association.fd : 0);
      list.set(JAVA_LONG_UNALIGNED, at + EventPortCalls.USER, event.user);
      if (event instanceof Association association) {
        end(association);
      }
      count++;
    }
    return count;
  }

  @Override
  public int poll() {
    return waiting.isEmpty() ? 0 : Ready.READABLE;
  }

  /// P8.
  @Override
  public void release() {
    for (Association association : List.copyOf(associations.values())) {
      end(association);
    }
  }
}
