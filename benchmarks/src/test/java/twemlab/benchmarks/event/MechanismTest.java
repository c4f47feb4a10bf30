package twemlab.benchmarks.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every mechanism, ours or a peer, does the same work.
final class MechanismTest {
  @ParameterizedTest
  @EnumSource
  void everyByteComesOut(Mechanism mechanism) {
    assumeTrue(mechanism.refusal(20).isEmpty());
    int[] bytes = new int[20];
    try (Chain chain = new Chain(mechanism, 20)) {
      chain.settle();
      chain.whileRunning(pair -> bytes[pair]++, () -> {});
      chain.start(4, 36);
      assertThat(chain.drain()).isEqualTo(40);
    }
    // Four bytes set out at pairs 0, 5, 10 and 15 and take ten steps each.
    assertThat(bytes).containsOnly(2);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "EPOLL",
        "EPOLL_LEVEL",
        "POLL",
        "SELECT",
        "IO_URING_POLL",
        "SELECTOR",
        "NETTY_EPOLL"
      })
  void whatIsRegisteredAnewIsToldAgain(Mechanism mechanism) {
    assumeTrue(mechanism.refusal(20).isEmpty());
    try (Chain chain = new Chain(mechanism, 20)) {
      chain.registerAll();
      chain.start(4, 36);
      assertThat(chain.drain()).isEqualTo(40);
    }
  }

  /// A write, a wait, a read: no event base of ours may need a fourth call.
  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "EPOLL_LEVEL", "POLL", "SELECT", "IO_URING_POLL"})
  void anEventIsThreeSystemCalls(Mechanism mechanism) throws Exception {
    assumeTrue(mechanism.refusal(20).isEmpty());
    assertThat(calls(mechanism, 1)).isEqualTo(3.0);
    assertThat(calls(mechanism, 20)).isLessThan(mechanism == Mechanism.IO_URING_POLL ? 2.2 : 2.1);
  }

  @ParameterizedTest
  @EnumSource(names = "IO_URING_CHANNELS")
  void completionsNeedOneCallForAll(Mechanism mechanism) throws Exception {
    assumeTrue(mechanism.refusal(20).isEmpty());
    assertThat(calls(mechanism, 20)).isLessThan(0.3);
  }

  private static double calls(Mechanism mechanism, int active) throws Exception {
    return Plan.chain(Item.Section.EVENTS, null, mechanism, 20, active).calls().call();
  }

  @ParameterizedTest
  @EnumSource
  void tooManyDescriptorsAreRefusedInWords(Mechanism mechanism) {
    Optional<String> refusal = mechanism.refusal(100_000_000);
    assertThat(refusal).isPresent();
    assertThat(refusal.get()).isNotBlank().doesNotContain("\n");
  }
}
