package twemlab.sim.run.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import twemlab.sim.run.differential.mirror.Pause;
import twemlab.sim.run.differential.mirror.Wire;

/// What ours must answer to a stream, and what its servers must be asked: made of what nutcracker
/// does with the parts of the stream, and of the rules where nutcracker does otherwise.
final class Prediction {
  /// For requests of a client that is gone to reach their servers.
  private static final int STRAGGLING_MILLIS = 50;

  /// For nutcracker to close behind an answer.
  private static final int CLOSING_MILLIS = 15;

  /// For requests without reply to reach their servers.
  private static final int SETTLING_MILLIS = 5;

  /// For nutcracker to answer everything and to close; late servers and timeouts included.
  private static final int END_MILLIS = 3000;

  private final Side nutcracker;
  private final ClientStream stream;
  private final Reading reading;
  private final Set<Rule> rules = EnumSet.noneOf(Rule.class);
  private final List<String> answers = new ArrayList<>();
  private final List<List<String>> logs = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private boolean closed;
  private int requests;

  Prediction(Side nutcracker, ClientStream stream, int mbufBytes) {
    this.nutcracker = nutcracker;
    this.stream = stream;
    this.reading = Reading.of(stream.pool(), mbufBytes);
    stream.pool().weights().forEach(_ -> logs.add(new ArrayList<>()));
  }

  /// The rules that were needed.
  Set<Rule> rules() {
    return rules;
  }

  /// What nutcracker did that neither the contract nor a rule says.
  List<String> problems() {
    return problems;
  }

  /// What each server must be asked.
  List<List<String>> logs() {
    return logs;
  }

  /// How many requests, right or wrong, the stream had so far.
  int requests() {
    return requests;
  }

  /// Whether ours has closed after the last step by itself.
  boolean closed() {
    return closed;
  }

  /// Runs a step before nutcracker.
  ///
  /// @return what ours must answer, as a regular expression
  String step(Step step) throws IOException {
    step.action().on(nutcracker.mirrors(stream.pool()));
    String regex = step.ours() == null ? segments(step) : explained(step);
    nutcracker.settle();
    return regex;
  }

  /// A step whose rule says what ours answers.
  private String explained(Step step) throws IOException {
    String answer = exchange(step.pieces(), step.pauseMillis(), reading.authenticated());
    answers.add(answer);
    Segment.of(reading, step, stream.faulty()).forEach(each -> requests += each.items().size());
    if (step.rule() == Rule.B7) {
      dropLogs();
    } else {
      keepLogs();
    }
    String ours = step.ours().apply(answers);
    if (ours.equals(answer)) {
      problems.add("rule " + step.rule().id() + " is not needed: both answer " + Wire.brief(ours));
    }
    rules.add(step.rule());
    return Pattern.quote(ours);
  }

  private String segments(Step step) throws IOException {
    StringBuilder regex = new StringBuilder();
    StringBuilder answer = new StringBuilder();
    for (Segment segment : Segment.of(reading, step, stream.faulty())) {
      requests += segment.items().size();
      regex.append(segment(segment, step.pauseMillis(), answer));
      closed = segment.items().getLast().endsOurs();
      nutcracker.settle();
    }
    if (closed && !stream.faulty() && !answer.isEmpty() && !rules.contains(Rule.C5)) {
      checkLosses(step, answer.toString());
    }
    answers.add(answer.toString());
    return regex.toString();
  }

  /// A broken request makes nutcracker close at once: what it had answered before may be lost
  /// (C11), but nothing else may come instead.
  private void checkLosses(Step step, String answer) throws IOException {
    int asked = logs.stream().mapToInt(List::size).sum();
    String whole = exchange(step.pieces(), 0, false);
    if (!answer.startsWith(whole) && !whole.startsWith(answer)) {
      problems.add("nutcracker answers " + Wire.brief(whole) + " to " + Wire.brief(step.text()));
    }
    if (whole.length() < answer.length()) {
      rules.add(Rule.C11);
    }
    boolean _ = Pause.until(() -> nutcracker.logged(stream.pool()) >= asked, STRAGGLING_MILLIS);
    dropLogs();
  }

  private String segment(Segment segment, int pause, StringBuilder answer) throws IOException {
    Item item = segment.first();
    return switch (item.treatment()) {
      case SAME, ENDS -> {
        String text = exchange(segment.pieces(), pause, segment.authenticated());
        answer.append(text);
        keepLogs();
        yield Pattern.quote(text);
      }
      case NUTCRACKER_MAY_CLOSE -> {
        String text = mayClose(segment, item.rule());
        answer.append(text);
        yield Pattern.quote(text);
      }
      case INCOMPLETE -> {
        // On a connection of its own, because nutcracker may see at once that it is wrong.
        String text = exchange(segment.pieces(), 0, segment.authenticated());
        yield Pattern.quote(text);
      }
      case OURS_ANSWERS, OURS_ANSWERS_AND_CLOSES -> {
        closesSilently(segment);
        rules.add(item.rule());
        yield item.ours();
      }
      case OURS_CLOSES, OURS_REFUSES -> {
        Pause.millis(SETTLING_MILLIS);
        keepLogs();
        exchange(segment.pieces(), 0, segment.authenticated());
        rules.add(item.rule());
        dropLogs();
        yield item.ours();
      }
      case BOTH_ANSWER -> bothAnswer(segment, answer);
      case OURS_FORWARDS -> forwards(segment);
    };
  }

  private String bothAnswer(Segment segment, StringBuilder answer) throws IOException {
    Item item = segment.first();
    rules.add(item.rule());
    if (item.rule() == Rule.LOCAL) {
      answer.append(exchange(segment.pieces(), 0, segment.authenticated()));
      dropLogs();
      return item.ours();
    }
    String text =
        item.rule() == Rule.B6
            ? mayClose(segment, Rule.C17)
            : exchange(segment.pieces(), 0, segment.authenticated());
    keepLogs();
    if (item.rule() == Rule.B6 && !text.equals("-ERR Invalid argument\r\n")) {
      problems.add("nutcracker answers " + Wire.brief(text) + " to " + Wire.brief(item.bytes()));
    }
    return item.ours();
  }

  private String forwards(Segment segment) throws IOException {
    Item item = segment.first();
    closesSilently(segment);
    String text = exchange(List.of(item.substitute()), 0, segment.authenticated());
    rules.add(item.rule());
    keepLogs(item);
    return Pattern.quote(item.translate().apply(text));
  }

  /// nutcracker's answer to a request that it may close the connection behind. It is not told of
  /// the client's end before it has answered: it would then close without the error line.
  private String mayClose(Segment segment, Rule ifClosed) throws IOException {
    try (Client client = connect(segment.authenticated())) {
      int before = client.await(_ -> true).length();
      client.send(segment.pieces(), 0);
      client.await(text -> text.length() > before);
      Pause.until(client::ended, CLOSING_MILLIS);
      if (client.ended()) {
        rules.add(ifClosed);
      }
      client.finish();
      String text = client.awaitEnd().substring(before);
      keepLogs();
      return text;
    }
  }

  /// nutcracker must close without a word, and without being asked to.
  private void closesSilently(Segment segment) throws IOException {
    try (Client client = connect(segment.authenticated())) {
      int before = client.await(_ -> true).length();
      client.send(segment.pieces(), 0);
      String text = client.awaitEnd().substring(before);
      if (!client.ended() || !text.isEmpty()) {
        problems.add(
            "nutcracker "
                + (client.ended() ? "answers " + Wire.brief(text) : "does not close")
                + " after "
                + Wire.brief(segment.text()));
      }
    }
  }

  private Client connect(boolean authenticated) throws IOException {
    Client client = new Client(nutcracker.port(stream.pool()));
    if (authenticated && stream.pool().password() != null) {
      client.send(List.of(Wire.resp("AUTH", stream.pool().password())), 0);
      client.await(text -> text.length() == "+OK\r\n".length());
    }
    return client;
  }

  private String exchange(List<String> pieces, int pause, boolean authenticated)
      throws IOException {
    try (Client client = connect(authenticated)) {
      int before = client.await(_ -> true).length();
      client.send(pieces, pause);
      // Apart from the bytes, or nutcracker may overlook it.
      Pause.millis(SETTLING_MILLIS);
      client.finish();
      String text = client.awaitEnd(END_MILLIS).substring(before);
      if (!client.ended()) {
        rules.add(Rule.DATA_AND_END);
      }
      return text;
    }
  }

  private void keepLogs() {
    keepLogs(null);
  }

  /// All that was answered has been asked; `noreply` requests may still be on their way, and are
  /// taken with the next segment's, or by [#finish].
  private void keepLogs(Item translated) {
    List<List<String>> taken = nutcracker.takeLogs(stream.pool());
    for (int i = 0; i < logs.size(); i++) {
      for (String line : taken.get(i)) {
        String asked = translated == null ? line : translated.translate().apply(line);
        logs.get(i).add(asked);
      }
    }
  }

  private void dropLogs() {
    nutcracker.takeLogs(stream.pool());
  }

  /// Waits for what the servers are still to be asked, when ours were asked more.
  void finish(int expected) {
    Pause.until(() -> total() + nutcracker.logged(stream.pool()) >= expected);
    keepLogs();
  }

  private int total() {
    return logs.stream().mapToInt(List::size).sum();
  }
}
