package twemlab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.sim.kernel.Script.ALL;
import static twemlab.sim.kernel.Script.ET;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

/// Random legal calls on a connection, on both kernels: the same answers and the same readiness,
/// whenever everything that was sent has arrived.
class DifferentialTest {
  private static final int SEQUENCES = 60;
  private static final int CALLS = 14;

  @Test
  void tcp() {
    compare(true);
  }

  @Test
  void unix() {
    compare(false);
  }

  private static void compare(boolean tcp) {
    for (long seed = 1; seed <= SEQUENCES; seed++) {
      List<String> simulated = run(Arm.SIMULATED, seed, tcp);
      assertThat(simulated).as("seed %d", seed).isEqualTo(run(Arm.HOST, seed, tcp));
    }
  }

  private static List<String> run(Arm arm, long seed, boolean tcp) {
    Choices choices = new SeededChoices(seed);
    List<String> log = new ArrayList<>();
    try (Script s = new Script(arm)) {
      int[] fds = tcp ? s.tcpPair() : s.unixPair();
      int[] epolls = {s.epoll(), s.epoll()};
      boolean[] closed = new boolean[2];
      boolean[] shut = new boolean[2];
      for (int i = 0; i < 2; i++) {
        s.add(epolls[i], fds[i], ALL | ET);
      }
      for (int call = 0; call < CALLS; call++) {
        int side = choices.below(2);
        String done = step(s, choices, fds[side], closed, side);
        shut[side] |= done.startsWith("shutdown");
        log.add(side + " " + done);
        s.settle();
        for (int i = 0; i < 2; i++) {
          if (!closed[i]) {
            s.pollEntry(0, fds[i], ALL);
            s.pollResult(1, 0);
            String mask = s.pollAnswer(0);
            String edge = s.awaitMask(epolls[i], 0);
            // A FIN's sender is woken by the answer, which Linux delays by up to 40 ms.
            String said = tcp && shut[i] ? "not compared" : edge;
            log.add("  " + i + " is " + mask + ", edge " + said);
          }
        }
      }
    }
    return log;
  }

  private static String step(Script s, Choices choices, int fd, boolean[] closed, int side) {
    int kind = choices.below(20);
    int size = 1 + choices.below(8);
    if (closed[side]) {
      return "is closed";
    }
    if (kind < 8) {
      return "write " + s.write(fd, "abcdefgh".substring(0, size));
    }
    if (kind < 15) {
      return "read " + s.read(fd, size);
    }
    if (kind < 17) {
      return "error " + s.error(fd);
    }
    if (kind < 19) {
      int how = size % 3;
      return "shutdown " + how + " " + Script.text(s.sockets.shutdown(fd, how));
    }
    closed[side] = true;
    return "close " + s.close(fd);
  }
}
