package twemlab.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import twemlab.sim.choice.Choices;
import twemlab.sim.workload.Expectation;
import twemlab.sim.workload.Request;

/// What a client sends to a redis pool with a password before its requests: mostly AUTH, once and
/// right; sometimes a request before it, wrong passwords, or AUTH a second time. Each must get the
/// reply that redis would give, and no server may see any of it.
final class Authentication {
  private static final String OK = "+OK\r\n";
  private static final String NOAUTH = "-NOAUTH Authentication required\r\n";
  private static final String INVALID = "-ERR invalid password\r\n";

  /// One connection in so many does more than it must.
  private static final int ODD = 4;

  private final Choices choices;
  private final String password;
  private final List<Request> requests = new ArrayList<>();

  private Authentication(Choices choices, String password) {
    this.choices = choices;
    this.password = password;
  }

  /// The requests of a new connection; the client is authenticated after the last one.
  ///
  /// @param choices a stream that nothing else draws from
  /// @param key one that no other request names
  static List<Request> draw(Choices choices, String password, String key) {
    Authentication drawn = new Authentication(choices, password);
    if (choices.chance(1, ODD)) {
      for (int left = choices.between(1, 4); left > 0; left--) {
        drawn.odd(key);
      }
    }
    drawn.add(OK, "AUTH", password);
    return drawn.requests;
  }

  private void odd(String key) {
    switch (choices.below(4)) {
      case 0 -> refused(key);
      case 1 -> wrong();
      case 2 -> add(OK, "AUTH", password);
      default -> {
        wrong();
        refused(key);
      }
    }
  }

  /// A request that needs AUTH: whether there was a right one depends on what came last.
  private void refused(String key) {
    if (!requests.isEmpty() && requests.getLast().expected().accepts(ascii(OK))) {
      wrong();
    }
    if (choices.chance(1, 2)) {
      add(NOAUTH, "SET", key, "x");
    } else {
      add(NOAUTH, "PING");
    }
  }

  /// Passwords that a careless comparison takes for the right one.
  private void wrong() {
    String other =
        choices.pick(
            List.of(
                password.substring(0, password.length() - 1),
                password + "x",
                password.substring(1),
                "x" + password.substring(1),
                password.substring(0, password.length() - 1) + "x",
                ""));
    add(INVALID, "AUTH", other);
  }

  private void add(String reply, String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    var expected = new Expectation(ascii(reply), Expectation.Match.EXACT);
    requests.add(new Request(-1, words[0], List.of(), ascii(text.toString()), expected));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
