package twemlab.sim.kernel;

import twemlab.sim.world.Ready;
import twemlab.sim.world.SimFile;

/// A regular file: always ready, and refused by epoll. It has no content.
final class RegularFile extends SimFile {
  @Override
  public int poll() {
    return Ready.READABLE | Ready.WRITABLE;
  }

  @Override
  public boolean pollable() {
    return false;
  }

  @Override
  public void release() {
    // nothing is held
  }
}
