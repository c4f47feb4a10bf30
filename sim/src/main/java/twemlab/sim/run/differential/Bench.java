package twemlab.sim.run.differential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import twemlab.event.backend.EventBases;
import twemlab.sim.run.differential.mirror.Pool;

/// Both proxies with the same configuration, before servers of their own.
record Bench(Side nutcracker, Side ours, List<Pool> pools, int mbufBytes) implements AutoCloseable {
  static Bench open(Path executable, EventBases base, List<Pool> pools, int mbufBytes)
      throws IOException {
    Side nutcracker = Side.nutcracker(executable, pools, mbufBytes);
    try {
      return new Bench(nutcracker, Side.ours(base, pools, mbufBytes), pools, mbufBytes);
    } catch (IOException e) {
      nutcracker.close();
      throw e;
    }
  }

  Pool pool(String name) {
    return pools.stream().filter(pool -> pool.name().equals(name)).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    try {
      nutcracker.close();
    } finally {
      ours.close();
    }
  }
}
