package twemlab.sim.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import twemlab.sim.choice.Choices;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.ServerModel;

/// An endless stream of requests of one client, each with the reply that it must get through the
/// proxy.
///
/// The expected replies come from one model of a server that holds all keys. That is what the proxy
/// must look like: a key lives on one server, requests for one key are answered in order, and the
/// pieces of a request whose keys live on several servers are gathered (MGET in the order of the
/// keys, the sum for DEL, one `+OK` for MSET, memcached's VALUE blocks with one END). It holds as
/// long as no other client writes the same keys and no request fails.
///
/// **Failures.** Whether a request that got an error, or no reply, was executed is unknown. Report
/// it to [#lost]: its keys are not used again, and [#judge] answers [Verdict#UNKNOWN] for requests
/// that were drawn after it and name one of them.
///
/// Everything is drawn from the [Choices]; the time is an argument. Not thread-safe.
public final class Workload {
  private final WorkloadSettings settings;
  private final Choices choices;
  private final WorkloadKeys keys;
  private final RequestWriter writer;
  private final ServerModel.Session model;
  private final int[] weights;
  private final Map<String, Long> lostAt = new LinkedHashMap<>();
  private final ReplyBuffer reply = new ReplyBuffer();
  private long count;

  /// What a reply says about the proxy.
  public enum Verdict {
    /// It is what the model answers.
    MATCH,
    /// It is something else.
    MISMATCH,
    /// An earlier request for one of the keys failed, so the right answer is unknown.
    UNKNOWN
  }

  /// A stream of requests.
  ///
  /// @param choices a stream of its own
  public Workload(WorkloadSettings settings, Choices choices) {
    this.settings = settings;
    this.choices = choices;
    this.keys = new WorkloadKeys(settings);
    this.writer = new RequestWriter(settings, keys, choices);
    this.model = settings.protocol().model().connect();
    this.weights = settings.mix().stream().mapToInt(WorkloadSettings.Mix::weight).toArray();
  }

  /// As many requests as the client sends before it waits for replies: from 1 to the setting's
  /// most.
  public List<Request> nextBatch(long nowMillis) {
    choices.beginUnit();
    List<Request> batch = new ArrayList<>();
    for (int left = choices.between(1, settings.pipelineMax()); left > 0; left--) {
      batch.add(next(nowMillis));
    }
    return batch;
  }

  /// The next request.
  ///
  /// @param nowMillis milliseconds since the epoch, never less than in an earlier call
  public Request next(long nowMillis) {
    String template = settings.mix().get(choices.weighted(weights)).template();
    byte[] bytes = writer.write(template);
    reply.clear();
    model.receive(bytes, 0, bytes.length, reply, nowMillis);
    String command = template.split(" ", 2)[0];
    Expectation expected = new Expectation(reply.toByteArray(), match(command));
    return new Request(count++, command, writer.keys(), bytes, expected);
  }

  private Expectation.Match match(String command) {
    if (writer.silent()) {
      return Expectation.Match.NO_REPLY;
    }
    return switch (command) {
      case "SMEMBERS" -> Expectation.Match.ANY_ORDER;
      case "get" -> Expectation.Match.ANY_BLOCK_ORDER;
      case "gets" -> Expectation.Match.ANY_CAS;
      case "version" -> Expectation.Match.FIRST_WORD;
      default -> Expectation.Match.EXACT;
    };
  }

  /// Says that a request got an error that the proxy made, or no reply at all.
  public void lost(Request request) {
    for (String key : request.keys()) {
      keys.retire(key);
      lostAt.merge(key, request.number(), Math::min);
    }
  }

  /// Says that what some keys hold is unknown from now on, also to requests under way.
  public void forget(Predicate<String> affected) {
    for (String key : keys.names()) {
      if (affected.test(key)) {
        keys.retire(key);
        lostAt.put(key, Long.MIN_VALUE);
      }
    }
    // Keys that were retired before may still be named by requests under way.
    lostAt.replaceAll((key, since) -> affected.test(key) ? Long.MIN_VALUE : since);
  }

  /// Compares a complete reply with what is expected.
  public Verdict judge(Request request, byte[] actual) {
    for (String key : lostAt.isEmpty() ? List.<String>of() : request.keys()) {
      if (lostAt.getOrDefault(key, Long.MAX_VALUE) < request.number()) {
        return Verdict.UNKNOWN;
      }
    }
    return request.expected().accepts(actual) ? Verdict.MATCH : Verdict.MISMATCH;
  }
}
