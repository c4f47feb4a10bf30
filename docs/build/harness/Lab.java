package twemlab.exercise.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Kernel;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.run.ProgramTrace;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Settings;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.World;

/// A world for one run of a student's program: a kernel under it, clients and servers around it,
/// and faults from a seed. `twemlab.lab.seeds` (`A..B`) says which seeds, `twemlab.lab.trace` a
/// folder for the traces.
final class Lab {
  static final Address LISTEN = Address.loopback(7000);

  private static final int TURNS_MAX = 20_000;
  private static final int WAIT_MILLIS = 50;

  private final String name;
  private final long seed;
  private final World world;
  private final SimKernel simulated;
  private final Kernel kernel;
  private final ProgramTrace trace;
  private final SimHost clientHost;
  private final List<LabClient> clients = new ArrayList<>();
  private final List<LabServer> servers = new ArrayList<>();
  private Program program;

  /// @param name of the test
  /// @param servers how many there are
  Lab(String name, long seed, int servers) {
    this.name = name;
    this.seed = seed;
    Settings settings = Settings.linux().withBuffers(8_192, 8_192).withSegments(1_460, 2_000);
    world = new World(settings, new SeededChoices(seed));
    simulated = new SimKernel(world, "proxy");
    String folder = System.getProperty("twemlab.lab.trace");
    Path file = folder == null ? null : Path.of(folder, name + "-" + seed + ".html");
    List<String> serverNames = IntStream.rangeClosed(1, servers).mapToObj(i -> "server" + i).toList();
    try {
      trace = file == null ? null : ProgramTrace.open(file, name, seed, serverNames, world, simulated);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    kernel = trace == null ? simulated : trace.kernel();
    clientHost = world.host("client");
    serverNames.forEach(each -> this.servers.add(new LabServer(world, each, this.servers.size())));
    faults();
  }

  /// The seeds to try.
  static LongStream seeds() {
    String[] ends = System.getProperty("twemlab.lab.seeds", "1..12").split("\\.\\.", 2);
    return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[1]));
  }

  /// What the kernel may do to a program at any time, and more of it with every second seed.
  private void faults() {
    int rate = seed % 2 == 0 ? 3_000 : 500;
    for (Fault each :
        List.of(
            Fault.PARTIAL_WRITE, Fault.EAGAIN_ON_WRITE, Fault.EAGAIN_ON_READ, Fault.PARTIAL_READ,
            Fault.REORDER_EVENTS, Fault.COALESCE_DATA_AND_FIN)) {
      world.faults().rate(each, rate);
    }
  }

  Config config() {
    return config("poll");
  }

  Config config(String waiter) {
    List<Address> addresses = servers.stream().map(LabServer::address).toList();
    return new Config(LISTEN, addresses, 400, 2, 5_000, waiter);
  }

  Kernel kernel() {
    return kernel;
  }

  World world() {
    return world;
  }

  LabServer server(int i) {
    return servers.get(i);
  }

  List<LabServer> servers() {
    return servers;
  }

  /// Runs the program that a test is about.
  void start(Program started) {
    program = started;
  }

  LabClient client(int to) {
    LabClient client = new LabClient(clientHost, Address.loopback(to));
    clients.add(client);
    return client;
  }

  /// A client of the program.
  LabClient client() {
    return client(7000);
  }

  long nowMillis() {
    return simulated.clock().monotonicNanos() / 1_000_000;
  }

  /// Turns until something holds.
  ///
  /// @param what is waited for, for the message
  void until(String what, BooleanSupplier over) {
    for (int i = 0; i < TURNS_MAX; i++) {
      if (over.getAsBoolean()) {
        return;
      }
      program.turn(WAIT_MILLIS);
    }
    fail(what + " did not happen in " + TURNS_MAX + " turns");
  }

  /// The world goes on, and the program does not get the processor.
  void withoutTheProgram(long millis) {
    world.scheduler().runUntil(world.scheduler().now() + millis * 1_000_000);
  }

  void forMillis(long millis) {
    long end = nowMillis() + millis;
    until(millis + " ms", () -> nowMillis() >= end);
  }

  /// Nothing happens now: a program that does not spin sleeps through its waits.
  void assertQuiet() {
    forMillis(3_000); // what is on its way arrives
    long begun = nowMillis();
    for (int i = 0; i < 40; i++) {
      program.turn(WAIT_MILLIS);
    }
    assertThat(nowMillis() - begun)
        .as("ms that 40 turns of %d ms took although nothing happened: less means spinning", WAIT_MILLIS)
        .isGreaterThan(40 * WAIT_MILLIS / 2);
  }

  /// How often a descriptor's number was given again while its old event was still to come.
  long reusedInBatch() {
    return simulated.reusedInBatch();
  }

  int openDescriptors() {
    return simulated.openDescriptors();
  }

  /// Ends the program; nothing may be left open.
  void end() {
    program.close();
    assertThat(simulated.openDescriptors()).as("descriptors open after close()").isZero();
  }

  /// Runs one test with each seed; a failure names the seed and how to look at it.
  static void each(String name, int servers, LabTest test) {
    seeds()
        .forEach(
            seed -> {
              Lab lab = new Lab(name, seed, servers);
              try {
                test.run(lab);
              } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + lab.told(e) + lab.advice(), e);
              } finally {
                lab.closeTrace();
              }
            });
  }

  /// A test, with a world of its own.
  interface LabTest {
    void run(Lab lab);
  }

  private String told(Throwable problem) {
    String text = problem instanceof AssertionError ? problem.getMessage() : problem.toString();
    if (trace != null) {
      trace.violation(text.lines().findFirst().orElse(""));
    }
    return text;
  }

  private String advice() {
    String range = seed + ".." + seed;
    return trace == null
        ? "\nlook at it: the same command with --seeds " + range + " --trace FOLDER"
        : "\nlook at it: " + name + "-" + seed + ".html";
  }

  private void closeTrace() {
    if (trace != null) {
      trace.close();
    }
  }
}
