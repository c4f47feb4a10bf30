package twemlab.sim.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import twemlab.event.kernel.CallCounts.Call;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.SelectCalls;
import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;
import twemlab.sim.world.Trace;

/// select(2): asks every file in the sets, rules S2 to S4. Source: fs/select.c.
final class SimSelect implements SelectCalls {
  private static final int[] SETS = {
    Ready.IN | Ready.RDNORM | Ready.RDBAND | Ready.HUP | Ready.ERR,
    Ready.OUT | Ready.WRNORM | Ready.WRBAND | Ready.ERR,
    Ready.PRI
  };

  private final Descriptors descriptors;
  private final Gate gate;
  private final byte[] result = new byte[SETS.length * SET_SIZE];
  private final long[] offsets = new long[SETS.length];

  SimSelect(Descriptors descriptors, Gate gate) {
    this.descriptors = descriptors;
    this.gate = gate;
  }

  @Override
  public int select(
      int count,
      MemorySegment sets,
      long readOffset,
      long writeOffset,
      long exceptOffset,
      int timeoutMillis) {
    gate.enter(Call.WAIT);
    offsets[0] = readOffset;
    offsets[1] = writeOffset;
    offsets[2] = exceptOffset;
    int ready =
        count < 0 || count > FD_SETSIZE
            ? Errno.EINVAL.result()
            : gate.await(timeoutMillis, () -> ask(count, sets));
    if (ready >= 0) {
      publish(count, sets);
    }
    return gate.leave(Trace.Kind.SELECT, -1, ready, count);
  }

  private int ask(int count, MemorySegment sets) {
    // Whole, so that nothing of an earlier call is behind `count` in its last byte.
    Arrays.fill(result, (byte) 0);
    int ready = 0;
    for (int fd = 0; fd < count; fd++) {
      int wanted = wanted(fd, sets);
      if (wanted == 0) {
        continue;
      }
      SimFile file = descriptors.get(fd);
      if (file == null) {
        return Errno.EBADF.result(); // S4
      }
      ready += note(fd, wanted, file.poll());
    }
    return ready;
  }

  /// In which sets a descriptor is.
  private int wanted(int fd, MemorySegment sets) {
    int wanted = 0;
    for (int set = 0; set < SETS.length; set++) {
      if (offsets[set] != NO_SET
          && (sets.get(JAVA_BYTE, offsets[set] + fd / 8) & (1 << (fd % 8))) != 0) {
        wanted |= 1 << set;
      }
    }
    return wanted;
  }

  private int note(int fd, int wanted, int mask) {
    int bits = 0;
    for (int set = 0; set < SETS.length; set++) {
      if ((wanted & (1 << set)) != 0 && (mask & SETS[set]) != 0) {
        result[set * SET_SIZE + fd / 8] |= (byte) (1 << (fd % 8));
        bits++;
      }
    }
    return bits;
  }

  /// S2: the sets hold the result afterwards.
  private void publish(int count, MemorySegment sets) {
    for (int set = 0; set < SETS.length; set++) {
      for (int i = 0; offsets[set] != NO_SET && i < (count + 7) / 8; i++) {
        sets.set(JAVA_BYTE, offsets[set] + i, result[set * SET_SIZE + i]);
      }
    }
  }
}
