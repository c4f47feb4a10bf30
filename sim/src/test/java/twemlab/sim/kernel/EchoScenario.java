package twemlab.sim.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.sim.choice.Choices;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.world.EndpointHandler;
import twemlab.sim.world.Fault;
import twemlab.sim.world.Settings;
import twemlab.sim.world.SimEndpoint;
import twemlab.sim.world.SimHost;
import twemlab.sim.world.World;

/// Clients that send and expect the same bytes back, around an [EchoServer] on a simulated kernel.
///
/// As a program it prints the trace's hash of a seed, to be compared between machines and flags.
final class EchoScenario {
  private static final int CLIENTS = 6;
  private static final int MESSAGES = 12;

  final World world;
  final SimKernel kernel;
  private final Choices choices;
  private final Address address;
  private final List<Client> clients = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private int done;

  EchoScenario(long seed, boolean faults, Address address) {
    this.address = address;
    SeededChoices seeded = new SeededChoices(seed);
    choices = seeded.stream("clients");
    world =
        new World(Settings.linux().withSegments(4_096, 1_000).withBuffers(8_192, 8_192), seeded);
    kernel = new SimKernel(world, "echo");
    if (faults) {
      for (Fault fault : Fault.values()) {
        world.faults().rate(fault, 200);
      }
      world.faults().rate(Fault.RESOLVE_FAILED, 5_000);
      world.faults().rate(Fault.RST, 20);
      world.faults().rate(Fault.PAUSE_LOOP, 5);
      world.faults().rate(Fault.CLOCK_JUMP, 5);
    }
  }

  /// Runs until every client has all its bytes back; says what went wrong.
  List<String> run() {
    EchoServer server = new EchoServer(kernel, address);
    world.name("echo.test", Address.loopback(0));
    kernel.resolver().resolve("echo.test", 7, new Ignored());
    SimHost host = world.host("clients");
    for (int i = 0; i < CLIENTS; i++) {
      Client client = new Client(host);
      clients.add(client);
      host.after(choices.below(1_000_000), client::connect);
    }
    for (int turn = 0; done < CLIENTS; turn++) {
      server.turn(100);
      if (turn == 200_000) {
        wrong.add("no end after " + world.scheduler().now() + " ns; done: " + done);
        return wrong;
      }
    }
    world.faults().stop();
    for (int turn = 0; turn < 100 || server.connections() > 0; turn++) {
      server.turn(10);
    }
    server.stop();
    return wrong;
  }

  private static final class Ignored implements twemlab.event.kernel.Resolver.Answer {
    @Override
    public void resolved(Address.Inet found) {}

    @Override
    public void failed(Errno errno) {}
  }

  private final class Client implements EndpointHandler {
    private final SimHost host;
    private final byte[] sent = new byte[MESSAGES * 3_000];
    private int sentLength;
    private int echoed;
    private int messages;
    private boolean finished;

    private Client(SimHost host) {
      this.host = host;
    }

    private void connect() {
      sentLength = 0;
      echoed = 0;
      messages = 0;
      host.connect(address, this);
    }

    @Override
    public void connected(SimEndpoint endpoint) {
      speak(endpoint);
    }

    private void speak(SimEndpoint endpoint) {
      if (!endpoint.open()) {
        return;
      }
      byte[] message = new byte[1 + choices.below(3_000)];
      for (int i = 0; i < message.length; i++) {
        message[i] = (byte) (sentLength + i * 7 + messages);
      }
      System.arraycopy(message, 0, sent, sentLength, message.length);
      sentLength += message.length;
      endpoint.send(message);
      if (++messages < MESSAGES) {
        host.after(choices.below(300_000), () -> speak(endpoint));
      } else {
        endpoint.halfClose();
      }
      if (choices.chance(1, 10)) {
        endpoint.pause();
        host.after(2_000_000, endpoint::resume);
      }
    }

    @Override
    public void bytes(SimEndpoint endpoint, byte[] bytes) {
      byte[] expected =
          Arrays.copyOfRange(sent, echoed, Math.min(sent.length, echoed + bytes.length));
      if (!Arrays.equals(expected, bytes) || echoed + bytes.length > sentLength) {
        wrong.add("other bytes came back at " + echoed);
      }
      echoed += bytes.length;
    }

    @Override
    public void end(SimEndpoint endpoint) {
      if (echoed != sentLength || messages != MESSAGES) {
        wrong.add("the end came after " + echoed + " of " + sentLength);
      }
      finish(endpoint);
    }

    @Override
    public void failed(SimEndpoint endpoint, Errno errno) {
      host.after(1_000_000, this::connect);
    }

    private void finish(SimEndpoint endpoint) {
      endpoint.close();
      if (finished) {
        wrong.add("finished twice");
      }
      finished = true;
      done++;
    }
  }

  /// Prints the hash of the seed in the first argument.
  public static void main(String[] args) {
    EchoScenario scenario =
        new EchoScenario(Long.parseLong(args[0]), true, Address.loopback(7_777));
    List<String> wrong = scenario.run();
    System.out.println(wrong.isEmpty() ? Long.toHexString(scenario.world.trace().hash()) : wrong);
  }
}
