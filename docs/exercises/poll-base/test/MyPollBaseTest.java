package twemlab.exercise.pollbase;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

/// The promises of [EventBase], whose numbers the tests' names begin with.
final class MyPollBaseTest {
  private static final long GENERATION = 7L << 32;

  private SimKernel kernel;
  private SocketCalls sockets;
  private MemorySegment memory;
  private long mappedBefore;
  private EventBase base;
  private boolean closed;
  private final List<String> reports = new ArrayList<>();
  private EventBase.Callback reaction = (_, _) -> {};

  @BeforeEach
  void open() {
    kernel = new SimKernel(new World(Settings.linux(), new SeededChoices(1)), "poll");
    sockets = kernel.sockets();
    memory = kernel.memory().map(4_096);
    mappedBefore = kernel.mappedBytes();
    base =
        new MyPollBase(
            kernel.poll().orElseThrow(), kernel.memory(), kernel.platform(), this::ready);
  }

  private void ready(long handle, int events) {
    reports.add((int) handle + ":" + name(events));
    reaction.onReady(handle, events);
  }

  @AfterEach
  void close() {
    if (!closed) {
      base.close();
    }
    assertThat(kernel.mappedBytes()).as("bytes mapped after close()").isEqualTo(mappedBefore);
    kernel.close();
  }

  private static String name(int events) {
    List<String> names = new ArrayList<>();
    String[] all = {"READ", "WRITE", "ERROR", "END", "HANGUP"};
    for (int bit = 0; bit < all.length; bit++) {
      if ((events & 1 << bit) != 0) {
        names.add(all[bit]);
      }
    }
    return String.join("|", names);
  }

  private int[] pair() {
    assertThat(sockets.socketpair(memory, 0)).isZero();
    return new int[] {memory.get(JAVA_INT, 0), memory.get(JAVA_INT, 4)};
  }

  private int[] tcpPair() {
    int listener = sockets.socket(Platform.AF_INET);
    int length = Address.loopback(0).write(kernel.platform(), memory, 0);
    assertThat(sockets.bind(listener, memory, 0, length)).isZero();
    assertThat(sockets.listen(listener, 1)).isZero();
    length = sockets.getsockname(listener, memory, 0);
    int connecting = sockets.socket(Platform.AF_INET);
    sockets.connect(connecting, memory, 0, length);
    int accepted = -1;
    for (int i = 0; accepted < 0 && i < 1_000; i++) {
      kernel.poll().orElseThrow().poll(memory, 2_048, 0, 1);
      accepted = sockets.accept(listener);
    }
    sockets.close(listener);
    return new int[] {connecting, accepted};
  }

  private int[] watched(int slot) {
    int[] ends = pair();
    assertThat(base.addConnection(ends[0], GENERATION | slot)).isZero();
    return ends;
  }

  private void write(int fd, int bytes) {
    assertThat(sockets.write(fd, memory, 1_024, bytes)).isEqualTo(bytes);
  }

  private void read(int fd) {
    while (sockets.read(fd, memory, 1_024, 1_024) > 0) {}
  }

  private List<String> poll() {
    reports.clear();
    int result = base.await(20);
    base.dispatch();
    assertThat(result).as("what await() has returned").isEqualTo(reports.size());
    return reports;
  }

  @Test
  void promise1ReadableIsReported() {
    int[] ends = watched(3);
    assertThat(poll()).isEmpty();
    write(ends[1], 5);
    assertThat(poll()).containsExactly("3:READ");
  }

  @Test
  void promise1TheHandleComesBackWhole() {
    long[] seen = new long[1];
    reaction = (handle, _) -> seen[0] = handle;
    int[] ends = pair();
    long handle = 0xFFFF_FFFEL << 32 | 70;
    base.addConnection(ends[0], handle);
    write(ends[1], 1);
    poll();
    assertThat(seen[0]).isEqualTo(handle);
  }

  @Test
  void promise1And5TheEndIsReadable() {
    int[] ends = tcpPair();
    base.addConnection(ends[0], GENERATION | 2);
    assertThat(poll()).isEmpty();
    sockets.shutdown(ends[1], Platform.SHUT_WR);
    assertThat(poll()).containsExactly("2:READ|END");
  }

  @Test
  void promise1WritableIsReportedWithOutputInterest() {
    int[] ends = watched(4);
    while (sockets.write(ends[0], memory, 1_024, 3_000) > 0) {}
    base.addOut(ends[0], GENERATION | 4);
    assertThat(poll()).isEmpty();
    read(ends[1]);
    assertThat(poll()).containsExactly("4:WRITE");
  }

  @Test
  void promise3ItIsReportedWhileItHolds() {
    int[] ends = watched(1);
    write(ends[1], 5);
    assertThat(poll()).containsExactly("1:READ");
    assertThat(poll()).containsExactly("1:READ");
    read(ends[0]);
    assertThat(poll()).isEmpty();
  }

  @Test
  void promise3AndWhileTheInterestStands() {
    int[] ends = watched(1);
    write(ends[1], 5);
    base.deleteIn(ends[0], GENERATION | 1);
    assertThat(poll()).isEmpty();
    base.addOut(ends[0], GENERATION | 1);
    assertThat(poll()).containsExactly("1:WRITE");
    base.addIn(ends[0], GENERATION | 1);
    assertThat(poll()).containsExactly("1:READ|WRITE");
    base.deleteOut(ends[0], GENERATION | 1);
    assertThat(poll()).containsExactly("1:READ");
  }

  @Test
  void promise4HangUpIsReportedWhateverTheInterest() {
    int[] ends = watched(1);
    base.deleteIn(ends[0], GENERATION | 1);
    sockets.close(ends[1]);
    assertThat(poll()).singleElement().asString().contains("READ").contains("HANGUP");
  }

  @Test
  void promise4ErrorIsReportedWhateverTheInterest() {
    int[] ends = watched(1);
    write(ends[0], 5);
    base.deleteIn(ends[0], GENERATION | 1);
    // Closed with unread bytes: the other end gets an error.
    sockets.close(ends[1]);
    assertThat(poll()).singleElement().asString().contains("ERROR");
  }

  @Test
  void promise6NothingIsReportedAfterDeletion() {
    int[] ends = watched(1);
    write(ends[1], 5);
    assertThat(base.deleteConnection(ends[0], GENERATION | 1)).isZero();
    assertThat(poll()).isEmpty();
    base.addConnection(ends[0], GENERATION | 2);
    assertThat(poll()).containsExactly("2:READ");
  }

  @Test
  void promise6DeletionDuringTheDispatchLeavesTheOthers() {
    int[][] ends = new int[6][];
    for (int i = 0; i < 6; i++) {
      ends[i] = watched(i);
      write(ends[i][1], 1);
    }
    boolean[] gone = new boolean[6];
    List<Integer> alive = new ArrayList<>();
    reaction =
        (handle, _) -> {
          int slot = (int) handle;
          if (!gone[slot]) {
            alive.add(slot);
            gone[slot] = true;
            gone[5 - slot] = true;
            base.deleteConnection(ends[slot][0], handle);
            base.deleteConnection(ends[5 - slot][0], GENERATION | (5 - slot));
          }
        };
    base.await(20);
    base.dispatch();
    assertThat(alive).hasSize(3);
    assertThat(poll()).isEmpty();
  }

  @Test
  void additionsDuringTheDispatchAreReportedByTheNextWait() {
    int[] first = watched(0);
    write(first[1], 1);
    reaction =
        (_, _) -> {
          reaction = (_, _) -> {};
          for (int i = 1; i <= 200; i++) {
            write(watched(i)[1], 1);
          }
        };
    assertThat(poll()).containsExactly("0:READ");
    assertThat(poll()).hasSize(201);
  }

  @Test
  void aSlotIsTakenOnce() {
    int[] ends = watched(1);
    assertThat(base.addConnection(ends[1], GENERATION | 1)).isEqualTo(Errno.EEXIST.result());
    base.deleteConnection(ends[0], GENERATION | 1);
    assertThat(base.deleteConnection(ends[0], GENERATION | 1)).isEqualTo(Errno.ENOENT.result());
    assertThat(base.addIn(ends[0], GENERATION | 1)).isEqualTo(Errno.ENOENT.result());
  }

  @Test
  void closeDuringTheDispatchEndsIt() {
    for (int i = 0; i < 4; i++) {
      write(watched(i)[1], 1);
    }
    reaction =
        (_, _) -> {
          base.close();
          closed = true;
        };
    base.await(20);
    base.dispatch();
    assertThat(reports).hasSize(1);
  }
}
