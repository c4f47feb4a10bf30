package twemlab.event.behaviour;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import twemlab.event.backend.Backend;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Transports;
import twemlab.event.behaviour.KernelUnderTest.Family;

/// What every transport must do, whatever event base and kernel lie below it: the root of the
/// behaviour suite. The rules are those of `docs/architecture.md`, "Loop and transport"; a test's
/// name begins with the rule that it tests.
///
/// A subclass holds the tests of one subject. To run it on another kernel, extend it there with a
/// constructor that names the kernel and the event base. After each test the loop must be idle and
/// everything it took given back.
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
abstract class TransportBehaviour {
  private final KernelUnderTest target;
  private final Backend backend;
  LoopFixture on;

  TransportBehaviour(KernelUnderTest target, Backend backend) {
    this.target = target;
    this.backend = backend;
  }

  @BeforeEach
  final void open() {
    on = new LoopFixture(target, backend, 1024);
  }

  /// Starts again with a wait that reports few events at once.
  final void reopen(int batch) {
    on.finish();
    on = new LoopFixture(target, backend, batch);
  }

  /// Closes in the middle of everything, and starts again.
  final void closeAndReopen() {
    on.closeAndCheck();
    open();
  }

  @AfterEach
  final void finish() {
    on.finish();
  }

  /// Whether a hang-up is told at once. Otherwise only reading or writing finds out that a peer is
  /// gone (select, and java.nio, which tells of nothing that was not asked for).
  final boolean hangUpIsTold() {
    return !backend.equals(EventBases.SELECT) && !backend.equals(Transports.NIO);
  }

  /// Whether sends and accepts are calls of their own. With io_uring they are submitted with the
  /// next wait, and descriptors closed after it; the simulated kernel tests those.
  final boolean sendsByCall() {
    return !backend.equals(Transports.IO_URING) && !backend.equals(EventBases.IO_URING_POLL);
  }

  /// Whether the transport makes its calls through the kernel's interface; java.nio does not.
  final boolean callsByTheSeam() {
    return !backend.equals(Transports.NIO);
  }

  final List<Family> families() {
    return target.families();
  }

  final KernelUnderTest target() {
    return target;
  }
}
