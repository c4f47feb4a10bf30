package twemlab.sim.run.hostile.innocent;

import java.util.List;
import java.util.function.Predicate;

/// A request of an innocent client.
///
/// @param request one character is one byte
/// @param keys those that it reads or changes
/// @param right whether a reply is the right one
/// @param done changes what the client knows of its keys, once the reply was right
public record Ask(String request, List<OwnKey> keys, Predicate<byte[]> right, Runnable done) {
  byte[] bytes() {
    return OwnKey.bytes(request);
  }
}
