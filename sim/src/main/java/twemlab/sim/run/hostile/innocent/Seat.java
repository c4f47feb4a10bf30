package twemlab.sim.run.hostile.innocent;

import java.util.List;
import twemlab.sim.run.hostile.attack.Arena;
import twemlab.sim.run.hostile.attack.Setup;

/// Where an innocent client works.
///
/// @param port where it connects
/// @param owners the servers whose keys it uses
/// @param direct whether the port is that of a server, without a proxy before it: what is slow
///   there too is the machine's fault
public record Seat(Arena arena, int port, List<String> owners, boolean direct) {
  public static Seat in(Arena arena, Setup setup) {
    return new Seat(arena, setup.port(arena), arena.honest(), false);
  }

  public static Seat before(String server, Arena arena, Setup setup) {
    return new Seat(arena, setup.server(server).port(), List.of(server), true);
  }

  String name() {
    return direct ? owners.getFirst() + " directly" : arena.pool();
  }
}
