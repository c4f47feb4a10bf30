package twemlab.sim.kernel;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.EventBases;
import twemlab.event.behaviour.EventBaseBehaviour;
import twemlab.event.kernel.Platform;

/// What every event base must do, on simulated kernels: on Linux each base, and on each other
/// platform the one that it prefers.
@ParameterizedClass
@MethodSource("bases")
final class EventBasesOnSimKernelTest extends EventBaseBehaviour {
  EventBasesOnSimKernelTest(Platform platform, EventBases base) {
    super(new BehaviourOnSimKernelTest.Simulated(platform), base);
  }

  static List<Object[]> bases() {
    List<Object[]> bases = new ArrayList<>();
    for (Platform platform : Platform.values()) {
      List<EventBases> known =
          EventBases.on(new BehaviourOnSimKernelTest.Simulated(platform).open());
      int count = platform == Platform.LINUX_X64 ? known.size() : 1;
      for (EventBases base : known.subList(0, count)) {
        bases.add(new Object[] {platform, base});
      }
    }
    return bases;
  }
}
