package twemlab.sim.world;

/// A wait without limit in a world where nothing is going to happen: the program has hung.
public final class Deadlock extends IllegalStateException {
  private static final long serialVersionUID = 1;

  public Deadlock(String message) {
    super(message);
  }
}
