package twemlab.exercise.readatrace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import twemlab.event.kernel.Errno;

/// Works the answers out from the trace, and compares.
final class AnswersTest {
  private static final Pattern CALL =
      Pattern.compile("^ *([0-9.]+) +([a-z_]+)(?: (\\d+))? = (-?\\d+)$");
  private static final Pattern DELIVERY = Pattern.compile("^ *([0-9.]+)( +)> (\\d+) bytes$");

  /// Calls that make a connection.
  private static final Set<String> CONNECTING =
      Set.of("socket", "setsockopt", "connect", "epoll_ctl", "getsockopt");

  private record Call(double millis, String name, int descriptor, int result) {}

  private final Map<String, String> answers = new TreeMap<>();
  private final List<String> trace = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();

  @BeforeEach
  void read() throws IOException {
    for (String line : lines("answers.txt")) {
      int equals = line.indexOf('=');
      if (!line.startsWith("#") && equals > 0) {
        answers.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    trace.addAll(lines("trace.txt"));
    for (String line : trace) {
      Matcher call = CALL.matcher(line);
      if (call.matches() && !call.group(2).equals("map")) {
        int descriptor = call.group(3) == null ? -1 : Integer.parseInt(call.group(3));
        calls.add(
            new Call(
                Double.parseDouble(call.group(1)),
                call.group(2),
                descriptor,
                Integer.parseInt(call.group(4))));
      }
    }
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = AnswersTest.class.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  private void expect(String question, Object answer) {
    String given = answers.get(question);
    assertThat(given).as("a line '%s = '", question).isNotNull();
    assertThat(given).as("the answer to '%s'", question).isNotEmpty();
    // What is right is not said: the trace says it.
    assertThat(given.equals(String.valueOf(answer)))
        .as("'%s = %s' is right", question, given)
        .isTrue();
  }

  private int index(String name, int from) {
    int at = from;
    while (!calls.get(at).name.equals(name)) {
      at++;
    }
    return at;
  }

  private int client() {
    return calls.get(index("accept", 0)).result;
  }

  private int server() {
    return calls.get(index("connect", 0)).descriptor;
  }

  /// From the read of the request to the write of the reply.
  private List<Call> request() {
    int from = 0;
    while (!(calls.get(from).name.equals("read") && calls.get(from).descriptor == client())) {
      from++;
    }
    int to = from;
    while (!(calls.get(to).name.equals("write") && calls.get(to).descriptor == client())) {
      to++;
    }
    return calls.subList(from, to + 1);
  }

  @Test
  void clientDescriptor() {
    expect("client descriptor", client());
  }

  @Test
  void serverDescriptor() {
    expect("server descriptor", server());
  }

  @Test
  void requestBytes() {
    expect("request bytes", request().getFirst().result);
  }

  @Test
  void callsThatAnsweredEagain() {
    expect(
        "calls that answered EAGAIN",
        calls.stream().filter(call -> call.result == Errno.EAGAIN.result()).count());
  }

  @Test
  void connectAnswers() {
    expect("connect answers", Errno.of(calls.get(index("connect", 0)).result));
  }

  @Test
  void blockingCall() {
    expect("blocking call", "epoll_wait");
  }

  @Test
  void waitsDuringTheRequest() {
    expect(
        "waits during the request",
        request().stream().filter(call -> call.name.equals("epoll_wait")).count());
  }

  @Test
  void serverTakes() {
    int proxy = trace.getFirst().indexOf("proxy");
    double asked = 0;
    double answered = 0;
    for (String line : trace) {
      Matcher delivery = DELIVERY.matcher(line);
      if (delivery.matches()) {
        int column = delivery.end(2);
        double millis = Double.parseDouble(delivery.group(1));
        if (column > proxy) {
          asked = millis;
        } else if (column == proxy && asked > 0 && answered == 0) {
          answered = millis;
        }
      }
    }
    expect("server takes us", Math.round((answered - asked) * 1_000));
  }

  @Test
  void callsDuringTheRequest() {
    expect("calls during the request", request().size());
  }

  @Test
  void callsOnAWarmConnection() {
    List<Call> warm =
        new ArrayList<>(
            request().stream().filter(call -> !CONNECTING.contains(call.name)).toList());
    // One of the two waits was for the connection.
    warm.removeIf(call -> call == firstWait());
    expect("calls on a warm connection", warm.size());
  }

  private Call firstWait() {
    return request().stream().filter(call -> call.name.equals("epoll_wait")).findFirst().get();
  }
}
