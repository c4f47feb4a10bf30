package twemlab.event.kernel.ffm;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.CloseBehaviour;
import twemlab.event.ConnectBehaviour;
import twemlab.event.EventBaseBehaviour;
import twemlab.event.EventBases;
import twemlab.event.KernelUnderTest;
import twemlab.event.Kernels;
import twemlab.event.ListenBehaviour;
import twemlab.event.PauseBehaviour;
import twemlab.event.ReceiveBehaviour;
import twemlab.event.SendBehaviour;
import twemlab.event.TurnBehaviour;
import twemlab.event.kernel.Kernel;

/// The behaviour suite on the kernel of this machine, over each of its event bases.
@ParameterizedClass
@MethodSource("bases")
final class TransportOnLinuxTest {
  private static final KernelUnderTest LINUX = new Linux();

  private final EventBases base;

  TransportOnLinuxTest(EventBases base) {
    this.base = base;
  }

  static List<EventBases> bases() {
    return EventBases.on(Kernels.host());
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
      super(LINUX, base);
    }
  }

  @Nested
  final class Receiving extends ReceiveBehaviour {
    Receiving() {
      super(LINUX, base);
    }
  }

  @Nested
  final class Pausing extends PauseBehaviour {
    Pausing() {
      super(LINUX, base);
    }
  }

  @Nested
  final class Sending extends SendBehaviour {
    Sending() {
      super(LINUX, base);
    }
  }

  @Nested
  final class Closing extends CloseBehaviour {
    Closing() {
      super(LINUX, base);
    }
  }

  @Nested
  final class Listening extends ListenBehaviour {
    Listening() {
      super(LINUX, base);
    }
  }

  @Nested
  final class Turning extends TurnBehaviour {
    Turning() {
      super(LINUX, base);
    }
  }

  @Nested
  final class Bases extends EventBaseBehaviour {
    Bases() {
      super(LINUX, base);
    }
  }
}
