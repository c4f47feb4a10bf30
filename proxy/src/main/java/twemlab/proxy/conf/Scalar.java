package twemlab.proxy.conf;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/// A scalar of the file and where it stands.
///
/// @param text its value, quotes and escapes resolved
/// @param at where it begins
record Scalar(String text, Position at) {

  static Scalar of(Event event) {
    return new Scalar(((ScalarEvent) event).getValue(), Position.of(event));
  }
}
