package twemlab.sim.run.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.event.backend.EventBases;
import twemlab.proxy.testing.RealServer.Program;

/// A few seconds of what `twemlab soak` does for long.
final class SoakTest {
  @Test
  void everyReplyIsRightThoughServersFail() throws Exception {
    Path redis = Program.REDIS.need(7);
    Path memcached = Program.MEMCACHED.need();
    Soak soak = new Soak(redis, memcached, EventBases.EPOLL, 7, 4000);
    List<String> problems = soak.run(6, _ -> {});
    assertThat(problems).isEmpty();
    assertThat(soak.counts().wrongReplies()).isZero();
    assertThat(soak.counts().rightReplies()).isGreaterThan(100);
    assertThat(soak.counts().faults()).isNotEmpty();
  }
}
