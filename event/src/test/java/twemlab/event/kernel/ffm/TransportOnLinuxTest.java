package twemlab.event.kernel.ffm;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
import twemlab.event.backend.Kernels;
import twemlab.event.behaviour.CloseBehaviour;
import twemlab.event.behaviour.ConnectBehaviour;
import twemlab.event.behaviour.ContainmentBehaviour;
import twemlab.event.behaviour.KernelUnderTest;
import twemlab.event.behaviour.ListenBehaviour;
import twemlab.event.behaviour.PauseBehaviour;
import twemlab.event.behaviour.ReceiveBehaviour;
import twemlab.event.behaviour.RestBehaviour;
import twemlab.event.behaviour.SendBehaviour;
import twemlab.event.behaviour.TurnBehaviour;
import twemlab.event.kernel.Kernel;

/// The behaviour suite on the kernel of this machine, over each of its backends.
@ParameterizedClass
@MethodSource("backends")
final class TransportOnLinuxTest {
  static final KernelUnderTest LINUX = new Linux();

  private final Backend backend;

  TransportOnLinuxTest(Backend backend) {
    this.backend = backend;
  }

  static List<Backend> backends() {
    return Backends.working(Kernels.host());
  }

  /// The machine.
  static final class Linux implements KernelUnderTest {
    private static final AtomicInteger PATHS = new AtomicInteger();

    @Override
    public Kernel open() {
      return Kernels.host();
    }

    @Override
    public String unixPath() {
      long pid = ProcessHandle.current().pid();
      String directory = System.getProperty("java.io.tmpdir");
      return directory + "/twemlab-" + pid + "-" + PATHS.incrementAndGet() + ".sock";
    }
  }

  @Nested
  final class Connecting extends ConnectBehaviour {
    Connecting() {
      super(LINUX, backend);
    }
  }

  @Nested
  final class Receiving extends ReceiveBehaviour {
    Receiving() {
      super(LINUX, backend);
    }
  }

  @Nested
  final class Pausing extends PauseBehaviour {
    Pausing() {
      super(LINUX, backend);
    }
  }

  @Nested
  final class Sending extends SendBehaviour {
    Sending() {
      super(LINUX, backend);
    }
  }

  @Nested
  final class Closing extends CloseBehaviour {
    Closing() {
      super(LINUX, backend);
    }
  }

  @Nested
  final class Listening extends ListenBehaviour {
    Listening() {
      super(LINUX, backend);
    }
  }

  @Nested
  final class Containing extends ContainmentBehaviour {
    Containing() {
      super(LINUX, backend);
    }
  }

  @Nested
  final class Resting extends RestBehaviour {
    Resting() {
      super(LINUX, backend);
    }
  }

  @Nested
  final class Turning extends TurnBehaviour {
    Turning() {
      super(LINUX, backend);
    }
  }
}
