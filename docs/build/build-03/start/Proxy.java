package twemlab.exercise.build;

import twemlab.event.kernel.Kernel;

/// A proxy: yours to write, from here to the end of the lab.
final class Proxy implements Program {
  Proxy(Kernel kernel, Config config) {
    // Loop, listener, and what you did in Echo.
  }

  @Override
  public void turn(int waitMillis) {
    // One turn of the loop.
  }

  @Override
  public void close() {
    // Every descriptor.
  }
}
