package twemlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Parsing allocates nothing once the view's arrays have the size that the messages need, where
/// places are recorded.
class AllocationTest {
  private static final int ROUNDS = 20_000;

  @ParameterizedTest
  @EnumSource
  void nothingIsAllocatedPerMessage(Subject subject) {
    List<MemorySegment> messages =
        Samples.of(subject).stream().map(Subject::bytes).map(Subject::segment).toList();
    RequestParser requests = subject.requestParser();
    ReplyParser replies = subject.replyParser();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    parseAll(subject, messages, requests, replies);
    long before = threads.getCurrentThreadAllocatedBytes();
    parseAll(subject, messages, requests, replies);
    double perMessage =
        (threads.getCurrentThreadAllocatedBytes() - before) / (double) (ROUNDS * messages.size());
    assertThat(perMessage).as("bytes per message").isLessThan(0.01);
  }

  private static void parseAll(
      Subject subject, List<MemorySegment> messages, RequestParser requests, ReplyParser replies) {
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < messages.size(); i++) {
        MemorySegment message = messages.get(i);
        if (subject.isRequest()) {
          requests.parse(message, 0, message.byteSize());
          requests.reset();
        } else {
          replies.recordElements(true);
          replies.parse(message, 0, message.byteSize());
          replies.reset();
        }
      }
    }
  }
}
