package twemlab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static twemlab.proxy.testing.ProxyUnderTest.redisPool;
import static twemlab.proxy.testing.RawClient.resp;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import twemlab.proxy.message.MsgPool;
import twemlab.proxy.stats.ProcessField;
import twemlab.proxy.testing.ProxyUnderTest;
import twemlab.proxy.testing.RawClient;
import twemlab.proxy.testing.RealServer;

/// 80,000 requests outstanding: what each costs.
class DepthTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int CLIENTS = 80;
  private static final int REQUESTS = 1000;
  private static final int OUTSTANDING = CLIENTS * REQUESTS;

  /// The goal, in bytes of heap, with compact object headers; without them a message has 72 bytes
  /// and each of its two chains 32.
  private static final int GOAL = 128;

  private static final int GOAL_WITHOUT_COMPACT_HEADERS = 152;

  /// Less than this, in bytes a request: nothing.
  private static final double NOTHING = 0.01;

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private static final Pattern ROW = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

  @Test
  void aRequestCostsFewBytesAndNothingIsAllocatedForTheNext() throws Exception {
    double bytes;
    double allocated = Double.MAX_VALUE;
    try (RealServer one = RealServer.redis();
        RealServer two = RealServer.redis();
        ProxyUnderTest proxy = ProxyUnderTest.start(redisPool(List.of(one.port(), two.port())));
        ExecutorService senders = Executors.newFixedThreadPool(8)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(proxy.connect());
      }
      fill(proxy, List.of(one, two), clients);
      bytes = outstandingBytes();
      empty(List.of(one, two), clients, senders);
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (allocated >= NOTHING && System.nanoTime() < end) {
        long before = THREADS.getThreadAllocatedBytes(proxy.threadId());
        fill(proxy, List.of(one, two), clients);
        empty(List.of(one, two), clients, senders);
        long after = THREADS.getThreadAllocatedBytes(proxy.threadId());
        allocated = Math.min(allocated, (double) (after - before) / OUTSTANDING);
      }
      MsgPool messages = proxy.instance().context().msgs;
      ProxyUnderTest.await("messages given back", () -> proxy.ask(messages::size) <= 2048);
      clients.forEach(RawClient::close);
    }
    assertThat(bytes)
        .isLessThanOrEqualTo(hasCompactHeaders() ? GOAL : GOAL_WITHOUT_COMPACT_HEADERS);
    assertThat(allocated).isLessThan(NOTHING);
  }

  private static void fill(
      ProxyUnderTest proxy, List<RealServer> servers, List<RawClient> clients) {
    servers.forEach(RealServer::suspend);
    for (int i = 0; i < CLIENTS; i++) {
      StringBuilder batch = new StringBuilder();
      for (int j = 0; j < REQUESTS; j++) {
        batch.append(resp("GET", "key" + i + "-" + j));
      }
      clients.get(i).send(batch.toString().getBytes(US_ASCII));
    }
    ProxyUnderTest.await(
        "all outstanding",
        () ->
            proxy.instance().context().stats().snapshot().process(ProcessField.MESSAGES_USED)
                == OUTSTANDING);
  }

  private static void empty(
      List<RealServer> servers, List<RawClient> clients, ExecutorService senders) throws Exception {
    servers.forEach(RealServer::resume);
    List<Future<?>> readers = new ArrayList<>();
    for (RawClient client : clients) {
      readers.add(senders.submit(() -> client.skip(5 * REQUESTS)));
    }
    for (Future<?> reader : readers) {
      reader.get();
    }
  }

  /// Bytes of messages, their chains and the queues that they stand in, for each request.
  private static double outstandingBytes() throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Map<String, Long> bytes = new TreeMap<>();
    histogram
        .lines()
        .forEach(
            line -> {
              Matcher row = ROW.matcher(line);
              if (row.matches()) {
                bytes.put(row.group(3), Long.valueOf(row.group(2)));
              }
            });
    long sum = 0;
    for (String name :
        List.of(
            "twemlab.proxy.message.Msg",
            "twemlab.event.mbuf.MbufChain",
            "twemlab.event.mbuf.MbufRanges",
            "twemlab.proxy.message.MsgQueue",
            "[Ltwemlab.proxy.Msg;",
            "twemlab.proxy.message.Division")) {
      sum += bytes.getOrDefault(name, 0L);
    }
    assertThat(bytes.get("twemlab.proxy.message.Msg")).isGreaterThanOrEqualTo(64L * OUTSTANDING);
    return (double) sum / OUTSTANDING;
  }

  private static boolean hasCompactHeaders() {
    return Boolean.parseBoolean(
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .getVMOption("UseCompactObjectHeaders")
            .getValue());
  }
}
