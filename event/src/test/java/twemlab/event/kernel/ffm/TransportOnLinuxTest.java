package twemlab.event.kernel.ffm;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.Backend;
import twemlab.event.Backends;
import twemlab.event.CloseBehaviour;
import twemlab.event.ConnectBehaviour;
import twemlab.event.ContainmentBehaviour;
import twemlab.event.KernelUnderTest;
import twemlab.event.Kernels;
import twemlab.event.ListenBehaviour;
import twemlab.event.PauseBehaviour;
import twemlab.event.ReceiveBehaviour;
import twemlab.event.RestBehaviour;
import twemlab.event.SendBehaviour;
import twemlab.event.TurnBehaviour;
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
