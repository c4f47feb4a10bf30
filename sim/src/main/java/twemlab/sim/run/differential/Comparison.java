package twemlab.sim.run.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import twemlab.sim.run.differential.mirror.Pause;
import twemlab.sim.run.differential.mirror.Pool;
import twemlab.sim.run.differential.mirror.Wire;

/// Runs one stream before both proxies.
final class Comparison {
  private final Bench bench;
  private final ClientStream stream;
  private final Prediction prediction;
  private final List<String> differences = new ArrayList<>();

  Comparison(Bench bench, ClientStream stream) {
    this.bench = bench;
    this.stream = stream;
    this.prediction = new Prediction(bench.nutcracker(), stream, bench.mbufBytes());
  }

  /// The rules that were needed to explain what differed.
  Set<Rule> rules() {
    return prediction.rules();
  }

  /// How many requests both were sent.
  int requests() {
    return prediction.requests();
  }

  /// What no rule explains; empty if all is well.
  List<String> differences() {
    return differences;
  }

  Comparison run() throws IOException {
    bench.nutcracker().takeLogs(stream.pool());
    bench.ours().takeLogs(stream.pool());
    List<String> expected = new ArrayList<>();
    for (Step step : stream.steps()) {
      if (!prediction.closed()) {
        expected.add(prediction.step(step));
      }
    }
    runOurs(expected);
    // A server that nutcracker has ejected is not asked there.
    if (differences.isEmpty() && !prediction.rules().contains(Rule.C15)) {
      compareLogs();
    }
    differences.addAll(prediction.problems());
    return this;
  }

  private void runOurs(List<String> expected) throws IOException {
    Side ours = bench.ours();
    StringBuilder regex = new StringBuilder();
    try (Client client = new Client(ours.port(stream.pool()))) {
      for (int i = 0; i < expected.size(); i++) {
        Step step = stream.steps().get(i);
        step.action().on(ours.mirrors(stream.pool()));
        client.send(step.pieces(), step.pauseMillis());
        regex.append(expected.get(i));
        boolean last = i == expected.size() - 1;
        if (last && !prediction.closed()) {
          client.finish();
        }
        Pattern pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
        String text =
            last ? client.awaitEnd() : client.await(all -> isDecided(pattern.matcher(all)));
        ours.settle();
        if (!pattern.matcher(text).matches()) {
          differ(i, regex.toString(), text);
          return;
        }
        if (last && !client.ended()) {
          differences.add("ours does not close after " + Wire.brief(step.text()));
        }
      }
    }
  }

  /// Whether the answer is right, or cannot become so by what may follow.
  @SuppressWarnings("JdkObsolete")
  private static boolean isDecided(Matcher answer) {
    return answer.matches() || !answer.hitEnd();
  }

  private void differ(int step, String regex, String text) {
    String wanted = regex.replace("\\Q", "").replace("\\E", "");
    int at = 0;
    while (at < Math.min(wanted.length(), text.length()) && wanted.charAt(at) == text.charAt(at)) {
      at++;
    }
    int from = Math.max(0, at - 40);
    differences.add(
        "step "
            + step
            + ", from byte "
            + at
            + ":\n  must be "
            + Wire.brief(wanted.substring(from))
            + "\n  ours is "
            + Wire.brief(text.substring(from))
            + sent(step));
  }

  private String sent(int step) {
    StringBuilder text = new StringBuilder();
    for (int i = Math.max(0, step - 2); i <= step; i++) {
      text.append("\n  step " + i + " sends " + Wire.brief(stream.steps().get(i).text()));
    }
    return text.toString();
  }

  /// Requests that were swallowed or have no reply may arrive a little later.
  private void compareLogs() {
    Pool pool = stream.pool();
    int expected = prediction.logs().stream().mapToInt(List::size).sum();
    boolean _ = Pause.until(() -> bench.ours().logged(pool) >= expected, 1000);
    prediction.finish(bench.ours().logged(pool));
    List<List<String>> ours = bench.ours().takeLogs(pool);
    for (int i = 0; i < ours.size(); i++) {
      List<String> theirs = LogLines.normal(prediction.logs().get(i), pool.redis());
      List<String> ask = LogLines.normal(ours.get(i), pool.redis());
      if (!pool.redis() && !theirs.equals(LogLines.withoutNoreply(theirs))) {
        theirs = LogLines.withoutNoreply(theirs);
        prediction.rules().add(Rule.C5);
      }
      if (!ask.equals(theirs)) {
        differences.add("server " + i + " was asked " + firstDifference(theirs, ask));
      }
    }
  }

  private static String firstDifference(List<String> theirs, List<String> ours) {
    int i = 0;
    while (i < Math.min(theirs.size(), ours.size()) && theirs.get(i).equals(ours.get(i))) {
      i++;
    }
    return ours.size()
        + " requests by ours and "
        + theirs.size()
        + " by nutcracker; number "
        + i
        + ":\n  must be "
        + (i < theirs.size() ? Wire.brief(theirs.get(i)) : "nothing")
        + "\n  ours is "
        + (i < ours.size() ? Wire.brief(ours.get(i)) : "nothing");
  }
}
