package twemlab.event.kernel.ffm;

import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.event.Backends;
import twemlab.event.EventBaseBehaviour;
import twemlab.event.EventBases;
import twemlab.event.Kernels;

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
