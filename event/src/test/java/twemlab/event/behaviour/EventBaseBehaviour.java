package twemlab.event.behaviour;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.EventBases;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Platform;
import twemlab.event.kernel.SocketCalls;
import twemlab.event.testing.AuditedKernel;

/// What every event base must do, on whatever kernel: the numbered promises of [EventBase], whose
/// numbers the tests' names begin with.
public abstract class EventBaseBehaviour {
  private static final long GENERATION = 7L << 32;

  private final KernelUnderTest target;
  private final EventBases choice;
  private final List<Integer> descriptors = new ArrayList<>();
  private final List<String> reports = new ArrayList<>();
  private EventBase.Callback reaction = (_, _) -> {};
  private AuditedKernel kernel;
  private SocketCalls sockets;
  private MemorySegment memory;
  private EventBase base;

  protected EventBaseBehaviour(KernelUnderTest target, EventBases choice) {
    this.target = target;
    this.choice = choice;
  }

  @BeforeEach
  final void open() {
    open(64);
  }

  private void open(int batch) {
    kernel = new AuditedKernel(target.open());
    sockets = kernel.plainSockets();
    memory = kernel.memory().map(4096);
    base =
        choice.open(
            kernel,
            batch,
            (handle, events) -> {
              reports.add((int) handle + ":" + name(events));
              reaction.onReady(handle, events);
            });
  }

  @AfterEach
  final void close() {
    base.close();
    descriptors.forEach(sockets::close);
    descriptors.clear();
    kernel.memory().unmap(memory);
    kernel.close();
    assertThat(kernel.openDescriptors()).isEmpty();
    assertThat(kernel.mappings()).isEmpty();
  }

  private static String name(int events) {
    StringBuilder name = new StringBuilder();
    String[] names = {"READ", "WRITE", "ERROR", "END", "HANGUP"};
    for (int bit = 0; bit < names.length; bit++) {
      if ((events & 1 << bit) != 0) {
        name.append(name.isEmpty() ? "" : "|").append(names[bit]);
      }
    }
    return name.toString();
  }

  /// Two ends of a connection; the first is ours.
  private int[] pair() {
    assertThat(sockets.socketpair(memory, 0)).isZero();
    int[] ends = {memory.get(JAVA_INT, 0), memory.get(JAVA_INT, 4)};
    descriptors.add(ends[0]);
    descriptors.add(ends[1]);
    return ends;
  }

  /// The same over TCP, where a finished peer does not hang up.
  private int[] tcpPair() {
    int listener = sockets.socket(Platform.AF_INET);
    int length = Address.loopback(0).write(kernel.platform(), memory, 0);
    assertThat(sockets.bind(listener, memory, 0, length)).isZero();
    assertThat(sockets.listen(listener, 1)).isZero();
    length = sockets.getsockname(listener, memory, 0);
    int connecting = sockets.socket(Platform.AF_INET);
    sockets.connect(connecting, memory, 0, length);
    int accepted = -1;
    for (int i = 0; accepted < 0; i++) {
      assertThat(i).isLessThan(1000);
      base.await(1);
      accepted = sockets.accept(listener);
    }
    sockets.close(listener);
    descriptors.add(connecting);
    descriptors.add(accepted);
    return new int[] {connecting, accepted};
  }

  private int[] watched(int slot) {
    int[] ends = pair();
    assertThat(base.addConnection(ends[0], GENERATION | slot)).isGreaterThanOrEqualTo(0);
    return ends;
  }

  private void write(int fd, int bytes) {
    assertThat(sockets.write(fd, memory, 1024, bytes)).isEqualTo(bytes);
  }

  private void read(int fd) {
    while (sockets.read(fd, memory, 1024, 1024) > 0) {}
  }

  private void closeEnd(int fd) {
    descriptors.removeIf(other -> other == fd);
    sockets.close(fd);
  }

  /// A stopped and continued process ends a wait with EINTR, signal handler or not: signal(7).
  private int waitAndDispatch() {
    int result;
    do {
      result = base.await(20);
    } while (result == Errno.EINTR.result());
    base.dispatch();
    return result;
  }

  private List<String> poll() {
    reports.clear();
    int result = waitAndDispatch();
    // io_uring may find reports of what has been removed since.
    assertThat(result).isGreaterThanOrEqualTo(reports.size());
    return reports;
  }

  /// What is reported beside an edge that may report more than asked for.
  private List<String> withoutWrite() {
    return poll().stream()
        .map(report -> report.replace("|WRITE", ""))
        .filter(report -> !report.endsWith(":WRITE"))
        .toList();
  }

  @Test
  void promise1ReadableIsReported() {
    int[] ends = watched(3);
    assertThat(withoutWrite()).isEmpty();
    write(ends[1], 5);
    assertThat(withoutWrite()).containsExactly("3:READ");
  }

  @Test
  void promise1WhatIsReadableAtRegistrationIsReported() {
    int[] ends = pair();
    write(ends[1], 5);
    base.addConnection(ends[0], GENERATION | 1);
    assertThat(withoutWrite()).containsExactly("1:READ");
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
  void promise1EndOfTheStreamIsReadable() {
    int[] ends = tcpPair();
    base.addConnection(ends[0], GENERATION | 2);
    poll();
    sockets.shutdown(ends[1], Platform.SHUT_WR);
    assertThat(withoutWrite()).allMatch(report -> report.startsWith("2:READ")).hasSize(1);
  }

  @Test
  void promise1WritableIsReportedWithOutputInterest() {
    int[] ends = watched(4);
    poll();
    fill(ends[0]);
    base.addOut(ends[0], GENERATION | 4);
    assertThat(poll()).isEmpty();
    read(ends[1]);
    assertThat(poll()).containsExactly("4:WRITE");
  }

  private void fill(int fd) {
    while (sockets.write(fd, memory, 1024, 3000) > 0) {}
  }

  @Test
  void promise2And3EdgeReportsAChangeOnceAndLevelWhileItHolds() {
    int[] ends = watched(1);
    write(ends[1], 5);
    assertThat(withoutWrite()).containsExactly("1:READ");
    List<String> again = base.edgeTriggered() ? List.of() : List.of("1:READ");
    assertThat(withoutWrite()).isEqualTo(again);
    write(ends[1], 5);
    assertThat(withoutWrite()).containsExactly("1:READ");
    read(ends[0]);
    assertThat(withoutWrite()).isEmpty();
  }

  @Test
  void promise2InterestOfAnEdgeTriggeredBaseCostsNothing() {
    int[] ends = watched(1);
    long before = kernel.counts().of(Call.CONTROL);
    for (int i = 0; i < 3; i++) {
      assertThat(base.addOut(ends[0], GENERATION | 1)).isGreaterThanOrEqualTo(0);
      assertThat(base.deleteIn(ends[0], GENERATION | 1)).isGreaterThanOrEqualTo(0);
      assertThat(base.addIn(ends[0], GENERATION | 1)).isGreaterThanOrEqualTo(0);
      assertThat(base.deleteOut(ends[0], GENERATION | 1)).isGreaterThanOrEqualTo(0);
    }
    if (base.edgeTriggered()) {
      assertThat(kernel.counts().of(Call.CONTROL)).isEqualTo(before);
    }
  }

  @Test
  void promise3InterestOfALevelTriggeredBaseCanBeTakenAway() {
    if (base.edgeTriggered()) {
      return;
    }
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
    if (base.readinessAlone()) {
      return;
    }
    int[] ends = watched(1);
    poll();
    base.deleteIn(ends[0], GENERATION | 1);
    base.deleteOut(ends[0], GENERATION | 1);
    closeEnd(ends[1]);
    assertThat(poll()).anySatisfy(report -> assertThat(report).contains("READ").contains("HANGUP"));
  }

  @Test
  void promise4ErrorIsReportedWhateverTheInterest() {
    if (base.readinessAlone()) {
      return;
    }
    int[] ends = watched(1);
    poll();
    write(ends[0], 5);
    base.deleteIn(ends[0], GENERATION | 1);
    // Closed with unread bytes: the other end gets an error.
    closeEnd(ends[1]);
    assertThat(poll()).anySatisfy(report -> assertThat(report).contains("ERROR"));
  }

  @Test
  void promise5EndAccompaniesTheLastBytes() {
    int[] ends = tcpPair();
    base.addConnection(ends[0], GENERATION | 1);
    poll();
    write(ends[1], 5);
    sockets.shutdown(ends[1], Platform.SHUT_WR);
    kernel.settle();
    String report = String.join(" ", poll());
    assertThat(report).contains("READ").doesNotContain("HANGUP");
    if (kernel.platform().pollRdHup() != 0 && !base.readinessAlone()) {
      assertThat(report).contains("END");
    }
  }

  @Test
  void promise6NothingIsReportedAfterDeletion() {
    int[] ends = watched(1);
    write(ends[1], 5);
    assertThat(base.deleteConnection(ends[0], GENERATION | 1)).isGreaterThanOrEqualTo(0);
    assertThat(poll()).isEmpty();
    base.addConnection(ends[0], GENERATION | 2);
    assertThat(withoutWrite()).containsExactly("2:READ");
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
          if (gone[slot]) {
            return;
          }
          alive.add(slot);
          int victim = 5 - slot;
          gone[slot] = true;
          gone[victim] = true;
          base.deleteConnection(ends[slot][0], handle);
          if (victim != slot) {
            base.deleteConnection(ends[victim][0], GENERATION | victim);
          }
        };
    // A base may forget the events of what was deleted, so that fewer are reported than were found.
    waitAndDispatch();
    assertThat(alive).hasSize(3);
    assertThat(poll()).isEmpty();
  }

  @Test
  void additionsDuringTheDispatchAreReportedByTheNextWait() {
    int[] first = watched(0);
    write(first[1], 1);
    boolean[] added = new boolean[1];
    reaction =
        (_, _) -> {
          for (int i = 1; !added[0] && i <= 200; i++) {
            int[] more = watched(i);
            write(more[1], 1);
          }
          added[0] = true;
        };
    assertThat(withoutWrite()).containsExactly("0:READ");
    read(first[0]);
    for (int i = 0, seen = 0; seen < 200; i++) {
      assertThat(i).isLessThan(1000);
      seen += (int) poll().stream().filter(report -> !report.startsWith("0:")).count();
    }
  }

  @Test
  void manyDescriptorsAndFewEventsAtOnce() {
    close();
    open(8);
    int count = 150;
    int[][] ends = new int[count][];
    for (int i = 0; i < count; i++) {
      ends[i] = watched(i);
    }
    while (!poll().isEmpty()) {}
    for (int i = 0; i < count; i++) {
      write(ends[i][1], 1);
      assertThat(withoutWrite()).containsExactly(i + ":READ");
      read(ends[i][0]);
    }
    boolean[] seen = new boolean[count];
    for (int i = 0; i < count; i++) {
      write(ends[i][1], 1);
    }
    for (int waits = 0, found = 0; found < count; waits++) {
      assertThat(waits).isLessThan(10 * count);
      for (String report : poll()) {
        int slot = Integer.parseInt(report.substring(0, report.indexOf(':')));
        found += seen[slot] ? 0 : 1;
        seen[slot] = true;
      }
      assertThat(reports.size()).isLessThanOrEqualTo(base.batchLimit());
    }
  }

  @Test
  void closeDuringTheDispatchEndsIt() {
    for (int i = 0; i < 4; i++) {
      write(watched(i)[1], 1);
    }
    reaction = (_, _) -> base.close();
    waitAndDispatch();
    assertThat(reports).hasSize(1);
    kernel.memory().unmap(memory);
    descriptors.forEach(sockets::close);
    descriptors.clear();
    assertThat(kernel.openDescriptors()).isEmpty();
    assertThat(kernel.mappings()).isEmpty();
    reaction = (_, _) -> {};
    open();
  }

  @Test
  void nameIsTheOneOfTheCommandLine() {
    assertThat(base.name()).isEqualTo(choice.backend());
    assertThat(EventBases.byName(kernel, choice.backend())).contains(choice);
    assertThat(EventBases.byName(kernel, "no such base")).isEmpty();
  }
}
