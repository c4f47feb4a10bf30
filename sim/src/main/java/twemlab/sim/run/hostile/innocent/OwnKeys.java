package twemlab.sim.run.hostile.innocent;

import java.util.ArrayList;
import java.util.List;
import twemlab.sim.choice.Choices;
import twemlab.sim.run.hostile.attack.Keys;
import twemlab.sim.run.hostile.attack.Setup;

/// The keys of one innocent client. One whose value is not known any more is given up, and a new
/// one takes its place.
final class OwnKeys {
  private static final int COUNT = 40;
  private static final int LARGE = 16_000;

  private final Setup setup;
  private final Seat seat;
  private final String prefix;
  private final Choices choices;
  private final List<OwnKey> keys = new ArrayList<>();
  private int next;
  private int values;

  OwnKeys(Setup setup, Seat seat, String prefix, Choices choices) {
    this.setup = setup;
    this.seat = seat;
    this.prefix = prefix;
    this.choices = choices;
    renew();
  }

  /// Gives all up.
  void renew() {
    keys.clear();
    for (int i = 0; i < COUNT; i++) {
      keys.add(fresh());
    }
  }

  /// Gives some up.
  void retire(List<OwnKey> lost) {
    keys.replaceAll(key -> lost.contains(key) ? fresh() : key);
  }

  private OwnKey fresh() {
    Keys owners = setup.keys(seat.arena());
    String name = owners.owned(prefix, next, seat.owners());
    next = Integer.parseInt(name.substring(prefix.length())) + 1;
    return new OwnKey(name, setup.server(owners.server(name)));
  }

  OwnKey any() {
    return choices.pick(keys);
  }

  /// One to `most` different ones.
  List<OwnKey> some(int most) {
    List<OwnKey> some = new ArrayList<>();
    for (int i = choices.between(1, most); i > 0; i--) {
      OwnKey key = any();
      if (!some.contains(key)) {
        some.add(key);
      }
    }
    return some;
  }

  /// A value that no other key and no other moment has.
  String value(OwnKey key) {
    int length = choices.weighted(60, 35, 5);
    int most = length == 0 ? 100 : length == 1 ? 1000 : LARGE;
    String stamp = key.name + "=" + values++ + ";";
    return stamp + "v".repeat(choices.below(most));
  }
}
