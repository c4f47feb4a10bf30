package twemlab.exercise.changelist;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import twemlab.event.base.EpollEventBase;
import twemlab.event.base.EventBase;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

final class ChangeListBaseTest {
  private static final long GENERATION = 3L << 32;

  private SimKernel kernel;
  private MemorySegment memory;
  private EventBase base;
  private final List<String> reports = new ArrayList<>();

  @BeforeEach
  void open() {
    kernel = new SimKernel(new World(Settings.linux(), new SeededChoices(1)), "changes");
    memory = kernel.memory().map(4_096);
    base =
        new ChangeListBase(
            new EpollEventBase(
                kernel.epoll().orElseThrow(),
                kernel.memory(),
                kernel.platform(),
                false,
                64,
                (handle, events) ->
                    reports.add((handle >>> 32) + ":" + (int) handle + ":" + events)));
  }

  @AfterEach
  void close() {
    base.close();
    kernel.close();
  }

  private int[] pair() {
    assertThat(kernel.sockets().socketpair(memory, 0)).isZero();
    return new int[] {memory.get(JAVA_INT, 0), memory.get(JAVA_INT, 4)};
  }

  private int[] watched(int slot) {
    int[] ends = pair();
    assertThat(base.addConnection(ends[0], GENERATION | slot)).isZero();
    return ends;
  }

  private List<String> poll() {
    reports.clear();
    assertThat(base.await(1)).isGreaterThanOrEqualTo(0);
    base.dispatch();
    return reports;
  }

  private long controls() {
    return kernel.counts().of(Call.CONTROL);
  }

  @Test
  void whatIsPutOnAndTakenOffCostsNothing() {
    int[] ends = watched(1);
    long before = controls();
    for (int turn = 0; turn < 10; turn++) {
      base.addOut(ends[0], GENERATION | 1);
      base.deleteOut(ends[0], GENERATION | 1);
      base.deleteIn(ends[0], GENERATION | 1);
      base.addIn(ends[0], GENERATION | 1);
      assertThat(poll()).isEmpty();
    }
    assertThat(controls() - before).as("calls of epoll_ctl").isZero();
  }

  @Test
  void aChangeIsMadeBeforeTheNextWait() {
    int[] ends = watched(1);
    base.addOut(ends[0], GENERATION | 1);
    assertThat(poll()).containsExactly("3:1:" + EventBase.WRITE);
    assertThat(poll()).as("it is level-triggered").containsExactly("3:1:" + EventBase.WRITE);
    base.deleteOut(ends[0], GENERATION | 1);
    assertThat(poll()).isEmpty();
  }

  @Test
  void manyChangesCostOneCallAtMost() {
    int[] ends = watched(1);
    poll();
    long before = controls();
    for (int i = 0; i < 7; i++) {
      base.addOut(ends[0], GENERATION | 1);
      base.deleteOut(ends[0], GENERATION | 1);
    }
    base.addOut(ends[0], GENERATION | 1);
    assertThat(controls() - before).as("calls before the wait").isZero();
    assertThat(poll()).hasSize(1);
    assertThat(controls() - before).as("calls with the wait").isEqualTo(1);
  }

  @Test
  void inputInterestIsLateToo() {
    int[] ends = watched(1);
    kernel.sockets().write(ends[1], memory, 0, 10);
    assertThat(poll()).containsExactly("3:1:" + EventBase.READ);
    base.deleteIn(ends[0], GENERATION | 1);
    assertThat(poll()).isEmpty();
    base.addIn(ends[0], GENERATION | 1);
    assertThat(poll()).containsExactly("3:1:" + EventBase.READ);
  }

  @Test
  void theChangesOfADeletedConnectionAreForgotten() {
    int[] ends = watched(1);
    base.addOut(ends[0], GENERATION | 1);
    assertThat(base.deleteConnection(ends[0], GENERATION | 1)).isZero();
    long before = controls();
    assertThat(poll()).isEmpty();
    assertThat(controls() - before).as("calls for a connection that has gone").isZero();
  }

  @Test
  void itsSuccessorInTheSlotBeginsAnew() {
    int[] first = watched(1);
    base.addOut(first[0], GENERATION | 1);
    poll();
    base.deleteIn(first[0], GENERATION | 1);
    base.deleteConnection(first[0], GENERATION | 1);
    long successor = 4L << 32 | 1;
    base.addConnection(first[0], successor);
    assertThat(poll()).isEmpty();
    kernel.sockets().write(first[1], memory, 0, 10);
    assertThat(poll()).containsExactly("4:1:" + EventBase.READ);
    base.addOut(first[0], successor);
    assertThat(poll()).containsExactly("4:1:" + (EventBase.READ | EventBase.WRITE));
  }

  @Test
  void connectionsDoNotDisturbEachOther() {
    int[][] ends = new int[20][];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = watched(i);
    }
    for (int i = 0; i < ends.length; i++) {
      base.addOut(ends[i][0], GENERATION | i);
      if (i % 2 == 1) {
        base.deleteOut(ends[i][0], GENERATION | i);
      }
    }
    long before = controls();
    assertThat(poll()).hasSize(ends.length / 2);
    assertThat(controls() - before).isEqualTo(ends.length / 2);
  }
}
