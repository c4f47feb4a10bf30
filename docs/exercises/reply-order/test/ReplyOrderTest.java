package twemlab.exercise.replyorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;

final class ReplyOrderTest {
  private final ReplyOrder order = new ReplyOrder();

  @Test
  void repliesComeInTheOrderOfTheRequests() {
    order.sent(7);
    order.sent(3);
    order.sent(9);
    assertThat(order.waiting()).isEqualTo(3);
    assertThat(order.replied()).hasValue(7);
    assertThat(order.replied()).hasValue(3);
    order.sent(4);
    assertThat(order.replied()).hasValue(9);
    assertThat(order.replied()).hasValue(4);
    assertThat(order.outstanding()).isZero();
  }

  @Test
  void theReplyToAnAbandonedRequestReachesNobody() {
    order.sent(1);
    order.sent(2);
    order.abandon(1);
    assertThat(order.waiting()).isEqualTo(1);
    assertThat(order.outstanding()).isEqualTo(2);
    assertThat(order.replied()).isEmpty();
    assertThat(order.replied()).hasValue(2);
  }

  @Test
  void abandoningTwiceOrTooLateChangesNothing() {
    order.sent(1);
    order.sent(2);
    order.sent(3);
    order.abandon(2);
    order.abandon(2);
    order.abandon(99);
    assertThat(order.waiting()).isEqualTo(2);
    assertThat(order.replied()).hasValue(1);
    order.abandon(1);
    assertThat(order.waiting()).isEqualTo(1);
    assertThat(order.replied()).isEmpty();
    assertThat(order.replied()).hasValue(3);
  }

  @Test
  void aReplyToNothingIsAnError() {
    assertThatThrownBy(order::replied).isInstanceOf(IllegalStateException.class);
    order.sent(1);
    order.abandon(1);
    order.replied();
    assertThatThrownBy(order::replied).isInstanceOf(IllegalStateException.class);
  }

  /// Any interleaving: what is answered is what was sent, in order, without the abandoned ones.
  @Test
  void anyInterleaving() {
    Choices choices = new SeededChoices(3);
    List<Long> sent = new ArrayList<>();
    List<Long> abandoned = new ArrayList<>();
    for (long step = 0; step < 20_000; step++) {
      int draw = choices.below(5);
      if (draw < 2 || sent.isEmpty()) {
        sent.add(step);
        order.sent(step);
      } else if (draw == 2) {
        long chosen = choices.pick(sent);
        abandoned.add(chosen);
        order.abandon(chosen);
      } else {
        long next = sent.removeFirst();
        boolean dead = abandoned.remove(next);
        while (abandoned.remove(next)) {}
        assertThat(order.replied()).isEqualTo(dead ? OptionalLong.empty() : OptionalLong.of(next));
      }
      assertThat(order.outstanding()).isEqualTo(sent.size());
      long alive = sent.stream().filter(each -> !abandoned.contains(each)).count();
      assertThat(order.waiting()).isEqualTo((int) alive);
    }
  }

  /// A client of 100,000 requests leaves: nobody has the time to search the queue for each.
  @Test
  void aClientWithManyRequestsMayLeave() {
    for (long i = 0; i < 200_000; i++) {
      order.sent(i);
    }
    long started = System.nanoTime();
    for (long i = 199_999; i >= 0; i -= 2) {
      order.abandon(i);
    }
    assertThat(System.nanoTime() - started).as("nanoseconds").isLessThan(3_000_000_000L);
    assertThat(order.waiting()).isEqualTo(100_000);
  }
}
