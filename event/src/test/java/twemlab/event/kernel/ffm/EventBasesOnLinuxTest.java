package twemlab.event.kernel.ffm;

import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.backend.Backends;
import twemlab.event.backend.EventBases;
import twemlab.event.backend.Kernels;
import twemlab.event.behaviour.EventBaseBehaviour;

/// What every event base must do, for each that this machine has.
@ParameterizedClass
@MethodSource("bases")
final class EventBasesOnLinuxTest extends EventBaseBehaviour {
  EventBasesOnLinuxTest(EventBases base) {
    super(TransportOnLinuxTest.LINUX, base);
  }

  static List<EventBases> bases() {
    return Backends.working(Kernels.host()).stream()
        .filter(EventBases.class::isInstance)
        .map(EventBases.class::cast)
        .toList();
  }
}
