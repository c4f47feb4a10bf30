package twemlab.sim.scenario;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import twemlab.event.backend.Backend;
import twemlab.sim.workload.WireProtocol;
import twemlab.sim.world.Fault;

/// A run with a name: one situation, made to happen for certain, small enough to be watched.
///
/// Only the configuration is fixed; what is left to chance comes from the seed, and the oracle
/// judges as in any other run.
///
/// @param name how the command calls it
/// @param story what to look for
/// @param requests of each client
/// @param mustHappen counters of the [twemlab.sim.Simulation.Report] that may not stay at zero
/// @param setting what is special about it
public record Scenario(
    String name,
    String story,
    long requests,
    List<String> mustHappen,
    Consumer<ScenarioSettings> setting) {

  /// The fault-free scenario in which the simulator's speed is measured.
  public static final Scenario STEADY =
      new Scenario(
          "steady",
          "nothing goes wrong: small gets and sets in long pipelines; how fast is the simulator?",
          50_000,
          List.of(),
          settings ->
              settings
                  .servers(2)
                  .clients(8)
                  .pipeline(128)
                  .sizes(0, 16)
                  .mix("SET t v", 1, "GET t", 3)
                  .mix("set t data", 1, "get t", 3));

  /// All of them.
  public static final List<Scenario> ALL =
      List.of(
          new Scenario(
              "fin-coalesced",
              "the last bytes and the end of the stream arrive in one event, so that a short read"
                  + " must not be taken for an empty socket",
              20,
              List.of("fault COALESCE_DATA_AND_FIN", "client HALF_CLOSE"),
              settings ->
                  settings
                      .clients(3)
                      .fault(Fault.COALESCE_DATA_AND_FIN, 10_000)
                      .client(ClientFault.HALF_CLOSE, 4_000)
                      .server(ServerFault.IDLE_CLOSE, 300)),
          new Scenario(
              "fd-reuse-in-batch",
              "a connection is closed and its number given to the next one while the loop still"
                  + " holds events of the first",
              40,
              List.of("state descriptor reused in a batch"),
              settings ->
                  settings
                      .clients(32)
                      .fault(Fault.PAUSE_LOOP, 300)
                      .fault(Fault.REORDER_EVENTS, 5_000)
                      .server(ServerFault.IDLE_CLOSE, 1_000)
                      .client(ClientFault.RESET, 2_000)
                      .client(ClientFault.VANISH, 2_000)
                      .client(ClientFault.HALF_CLOSE, 1_000)),
          new Scenario(
              "slow-server",
              "replies later than the timeout: each request gets its error in time, and its late"
                  + " reply is swallowed",
              20,
              List.of("server LATE", "state request timed out"),
              settings -> settings.clients(3).timeout(400).server(ServerFault.LATE, 1_500)),
          new Scenario(
              "eject-and-return",
              "a server restarts and is ejected; its keys move to the others; later it is used"
                  + " again",
              120,
              List.of("server RESTART", "state server ejected", "state restarted server used"),
              settings ->
                  settings.servers(3).clients(3).ejecting(200).server(ServerFault.RESTART, 200)),
          new Scenario(
              "idle-end",
              "a server ends connections that nobody waits on: it is not ill, and keeps its place",
              60,
              List.of("server IDLE_CLOSE", "state server eof"),
              settings ->
                  settings
                      .servers(3)
                      .clients(1)
                      .pipeline(1)
                      .noreply(0)
                      .ejecting(200)
                      .server(ServerFault.IDLE_CLOSE, 3_000)),
          new Scenario(
              "interrupted",
              "signals end nearly every wait: a request that gets no reply is told so in time all"
                  + " the same",
              20,
              List.of("fault EINTR", "server NEVER", "state request timed out"),
              settings ->
                  settings
                      .clients(1)
                      .timeout(400)
                      .fault(Fault.EINTR, 9_000)
                      .server(ServerFault.NEVER, 2_000)),
          new Scenario(
              "partial-writes",
              "the kernel takes a part of what is written, down to one byte, also within an iovec",
              12,
              List.of("fault PARTIAL_WRITE", "fault EAGAIN_ON_WRITE", "state short send"),
              settings ->
                  settings
                      .buffers(8_192)
                      .sizes(200, 12_000)
                      .fault(Fault.PARTIAL_WRITE, 6_000)
                      .fault(Fault.EAGAIN_ON_WRITE, 1_000)),
          new Scenario(
              "accept-emfile",
              "the process has fewer descriptors than clients: those who wait are served when"
                  + " others leave",
              10,
              List.of("state accept starved"),
              settings -> settings.clients(24).descriptors(18).preconnect()),
          new Scenario(
              "noreply-answered",
              "requests that want no reply are answered, some with errors: no reply may reach"
                  + " another request",
              40,
              List.of("state request without reply", "server ERROR_REPLY"),
              settings ->
                  settings
                      .memcached()
                      .clients(3)
                      .noreply(60)
                      .server(ServerFault.ERROR_REPLY, 500)
                      .mix("set t data", 3, "get t", 2)),
          new Scenario(
              "noreply-unanswered",
              "servers fall silent, also after requests that want no reply: the connection is given"
                  + " up in time, and nothing stays behind",
              40,
              List.of("state request without reply", "server NEVER"),
              settings ->
                  settings
                      .memcached()
                      .clients(3)
                      .timeout(400)
                      .noreply(60)
                      .server(ServerFault.NEVER, 500)
                      .mix("set t data", 3, "get t", 2)),
          new Scenario(
              "early-refusal",
              "servers refuse large requests before they have read them: each refusal answers its"
                  + " own request, and nobody else notices",
              40,
              List.of("server EARLY"),
              settings ->
                  settings
                      .clients(3)
                      .buffers(8_192)
                      .sizes(0, 40_000)
                      .server(ServerFault.EARLY, 5_000)
                      .mix("SET t v", 1, "GET t", 1)
                      .mix("set t data", 1, "get t", 1)),
          new Scenario(
              "long-replies",
              "replies that are too long to be passed on: each fails its own request, and the rest"
                  + " of it is swallowed",
              60,
              List.of("state reply too long", "state fragment"),
              settings ->
                  settings
                      .servers(2)
                      .clients(3)
                      .sizes(0, 9_000)
                      .replies(10_000)
                      .mix("SET t v", 1, "MGET t..", 1)
                      .mix("set t data", 1, "get t..", 1)),
          new Scenario(
              "deep-replies",
              "scripts answer tables in tables, as deep as they can be written: whole, and in time",
              60,
              List.of(),
              settings ->
                  settings
                      .redis()
                      .clients(3)
                      .mix(
                          "EVAL return" + "{".repeat(190) + "}".repeat(190) + " 1 t",
                          1,
                          "GET t",
                          1)),
          new Scenario(
              "script-says-loading",
              "scripts answer what a server says that is loading: nobody believes them",
              60,
              List.of(),
              settings ->
                  settings
                      .redis()
                      .servers(3)
                      .clients(3)
                      .ejecting(200)
                      .mix("EVAL return{err='LOADING'} 1 t", 1, "SET t v", 3)),
          new Scenario(
              "one-client-refused",
              "servers refuse for a while, and there is one client only: that ejects nobody",
              60,
              List.of("server ERROR_REPLY"),
              settings ->
                  settings
                      .servers(3)
                      .clients(1)
                      .ejecting(200)
                      .server(ServerFault.ERROR_REPLY, 1_500)),
          new Scenario(
              "pipelined-multiget",
              "many requests of many keys at once: each is divided among the servers and gathered"
                  + " in the order of its keys",
              40,
              List.of("state fragment", "state request of many keys"),
              settings ->
                  settings
                      .servers(5)
                      .pipeline(32)
                      .sizes(0, 200)
                      .mix("SET t v", 1, "MGET t..", 3)
                      .mix("set t data", 1, "get t..", 3)),
          new Scenario(
              "sliced-multiget",
              "requests of many keys that are divided and gathered over many turns, five keys in"
                  + " each, while clients break off in the middle and come back",
              40,
              List.of("state fragment", "state request of many keys"),
              settings ->
                  settings
                      .servers(3)
                      .clients(3)
                      .sizes(0, 200)
                      .keysPerTurn(5)
                      .client(ClientFault.RESET, 1_500)
                      .mix("MSET t=v..", 1, "MGET t..", 3)
                      .mix("set t data", 1, "get t..", 3)),
          new Scenario(
              "orderly-end",
              "SIGTERM while clients have more under way than the proxy takes at once: all that had"
                  + " arrived is answered, also what it had not read",
              200,
              List.of("state orderly end that was complete", "client OVERRUN"),
              settings ->
                  settings
                      .servers(2)
                      .clients(4)
                      .client(ClientFault.OVERRUN, 3_000)
                      .ending(new Ending(60, 600, 0))),
          new Scenario(
              "thundering-clients",
              "three hundred clients connect in one moment and ask at once",
              2,
              List.of("state a turn's fill of accepts"),
              settings -> settings.servers(2).clients(300)),
          STEADY);

  /// Whether it is there to be timed, and too long to be watched.
  public boolean timed() {
    return name.equals(STEADY.name);
  }

  /// The event bases on which it can run: those that some simulated platform has.
  public static List<Backend> bases() {
    return SwarmDraw.simulated();
  }

  /// The scenario of a name.
  public static Optional<Scenario> byName(String name) {
    return ALL.stream().filter(scenario -> scenario.name.equals(name)).findFirst();
  }

  /// Its configuration on an event base, in one of the two protocols where it leaves the choice.
  public SwarmSettings settings(Backend base, WireProtocol protocol) {
    ScenarioSettings settings = new ScenarioSettings(protocol, requests);
    setting.accept(settings);
    return settings.on(base);
  }
}
