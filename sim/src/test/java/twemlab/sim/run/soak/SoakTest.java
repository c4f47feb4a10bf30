package twemlab.sim.run.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import twemlab.event.EventBases;
import twemlab.sim.run.ServerProcess;

/// A few seconds of what `twemlab soak` does for long.
final class SoakTest {
  @Test
  void everyReplyIsRightThoughServersFail() throws Exception {
    Optional<Path> redis = ServerProcess.find("redis-server");
    Optional<Path> memcached = ServerProcess.find("memcached");
    assumeTrue(redis.isPresent() && memcached.isPresent(), "a server is not installed");
    Soak soak = new Soak(redis.get(), memcached.get(), EventBases.EPOLL, 7, 4000);
    List<String> problems = soak.run(6, _ -> {});
    assertThat(problems).isEmpty();
    assertThat(soak.counts().wrongReplies()).isZero();
    assertThat(soak.counts().rightReplies()).isGreaterThan(100);
    assertThat(soak.counts().faults()).isNotEmpty();
  }
}
