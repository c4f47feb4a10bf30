package twemlab.sim.kernel;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backend;
import twemlab.event.backend.Backends;
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
import twemlab.event.kernel.Platform;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

/// The behaviour suite of the event loop on simulated kernels: on Linux over each backend, and on
/// each other platform over the one that it prefers.
@ParameterizedClass
@MethodSource("backends")
final class BehaviourOnSimKernelTest {
  private final KernelUnderTest target;
  private final Backend backend;

  BehaviourOnSimKernelTest(Platform platform, Backend backend) {
    this.target = new Simulated(platform);
    this.backend = backend;
  }

  static List<Object[]> backends() {
    List<Object[]> backends = new ArrayList<>();
    for (Platform platform : Platform.values()) {
      List<Backend> known = Backends.on(new Simulated(platform).open());
      int count = platform == Platform.LINUX_X64 ? known.size() : 1;
      for (Backend backend : known.subList(0, count)) {
        backends.add(new Object[] {platform, backend});
      }
    }
    return backends;
  }

  static final class Simulated implements KernelUnderTest {
    private final Platform platform;
    private int paths;

    Simulated(Platform platform) {
      this.platform = platform;
    }

    @Override
    public Kernel open() {
      // As on a machine's loopback: what is sent has arrived at the next call.
      Settings settings = Settings.linux().withPlatform(platform).withLatency(0, 0);
      return new SimKernel(new World(settings, new SeededChoices(1)), "behaviour");
    }

    @Override
    public String unixPath() {
      return "/run/behaviour-" + ++paths;
    }
  }

  @Nested
  final class Connecting extends ConnectBehaviour {
    Connecting() {
      super(target, backend);
    }
  }

  @Nested
  final class Receiving extends ReceiveBehaviour {
    Receiving() {
      super(target, backend);
    }
  }

  @Nested
  final class Pausing extends PauseBehaviour {
    Pausing() {
      super(target, backend);
    }
  }

  @Nested
  final class Sending extends SendBehaviour {
    Sending() {
      super(target, backend);
    }
  }

  @Nested
  final class Closing extends CloseBehaviour {
    Closing() {
      super(target, backend);
    }
  }

  @Nested
  final class Listening extends ListenBehaviour {
    Listening() {
      super(target, backend);
    }
  }

  @Nested
  final class Containing extends ContainmentBehaviour {
    Containing() {
      super(target, backend);
    }
  }

  @Nested
  final class Resting extends RestBehaviour {
    Resting() {
      super(target, backend);
    }
  }

  @Nested
  final class Turning extends TurnBehaviour {
    Turning() {
      super(target, backend);
    }
  }
}
