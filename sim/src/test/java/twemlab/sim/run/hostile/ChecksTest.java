package twemlab.sim.run.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.sim.run.hostile.attack.Attack;
import twemlab.sim.run.hostile.innocent.Ask;
import twemlab.sim.run.hostile.innocent.MemcachedAsks;
import twemlab.sim.run.hostile.innocent.Outages;
import twemlab.sim.run.hostile.innocent.OwnKey;
import twemlab.sim.run.hostile.innocent.RedisAsks;

/// What a hostile soak takes for right, for owed, and for its time.
final class ChecksTest {
  private static OwnKey key(String name, String value) {
    OwnKey key = new OwnKey(name, null);
    key.value = value;
    return key;
  }

  private static boolean accepts(Ask ask, String reply) {
    return ask.right().test(OwnKey.bytes(reply));
  }

  @Test
  void redisRepliesAreComparedByteByByte() {
    OwnKey held = key("a", "v\r\nw");
    OwnKey absent = key("b", null);
    assertThat(accepts(RedisAsks.get(held), "$4\r\nv\r\nw\r\n")).isTrue();
    assertThat(accepts(RedisAsks.get(held), "$-1\r\n")).isFalse();
    assertThat(accepts(RedisAsks.get(absent), "$-1\r\n")).isTrue();
    Ask mget = RedisAsks.mget(List.of(held, absent));
    assertThat(accepts(mget, "*2\r\n$4\r\nv\r\nw\r\n$-1\r\n")).isTrue();
    assertThat(accepts(mget, "*2\r\n$-1\r\n$4\r\nv\r\nw\r\n")).isFalse();
    Ask del = RedisAsks.del(List.of(held, absent));
    assertThat(accepts(del, ":2\r\n")).isFalse();
    assertThat(accepts(del, ":1\r\n")).isTrue();
    del.done().run();
    assertThat(held.value).isNull();
  }

  @Test
  void memcachedRepliesHoldEachKeyOnceInAnyOrder() {
    OwnKey one = key("a", "1\r\n");
    OwnKey two = key("b", "22");
    OwnKey absent = key("c", null);
    Ask get = MemcachedAsks.get("get", List.of(one, two, absent));
    String a = "VALUE a 0 3\r\n1\r\n\r\n";
    String b = "VALUE b 0 2\r\n22\r\n";
    assertThat(accepts(get, a + b + "END\r\n")).isTrue();
    assertThat(accepts(get, b + a + "END\r\n")).isTrue();
    assertThat(accepts(get, a + "END\r\n")).isFalse();
    assertThat(accepts(get, a + b + b + "END\r\n")).isFalse();
    assertThat(accepts(get, a + "VALUE b 0 2\r\n21\r\nEND\r\n")).isFalse();
    assertThat(accepts(get, a + b + "VALUE c 0 1\r\nx\r\nEND\r\n")).isFalse();
    assertThat(accepts(get, a + b)).isFalse();
    Ask gets = MemcachedAsks.get("gets", List.of(two));
    assertThat(accepts(gets, "VALUE b 0 2 17\r\n22\r\nEND\r\n")).isTrue();
    assertThat(accepts(gets, b + "END\r\n")).isFalse();
  }

  @Test
  void onlyWhatMeetsAnOutageIsOwedToIt() {
    Outages outages = new Outages();
    long before = System.nanoTime();
    assertThat(outages.during(null, before, System.nanoTime())).isFalse();
    outages.goes(null, "killed");
    long within = System.nanoTime();
    assertThat(outages.now()).isTrue();
    assertThat(outages.during(null, before, within)).isTrue();
    assertThat(outages.during(null, before - 1000, before - 500)).isFalse();
    outages.isBack(null);
    long after = System.nanoTime();
    assertThat(outages.now()).isFalse();
    assertThat(outages.during(null, after, after + 1)).as("the aftermath").isTrue();
    long late = after + 60_000_000_000L;
    assertThat(outages.during(null, late, late + 1)).isFalse();
    assertThat(outages.kinds()).containsEntry("killed", 1);
  }

  @Test
  void theRotationShowsEachAttackAloneAndThenAll() {
    List<Attack> attacks = Attacks.all();
    double seconds = attacks.size() + 5;
    Rotation rotation = new Rotation(attacks, seconds);
    for (int i = 0; i < attacks.size(); i++) {
      double time = i + 0.5;
      List<Attack> active = attacks.stream().filter(a -> rotation.active(a, time)).toList();
      assertThat(active).containsExactly(attacks.get(i));
      assertThat(rotation.label(time)).isEqualTo(attacks.get(i).name());
    }
    assertThat(attacks).allMatch(attack -> rotation.active(attack, seconds - 1));
    assertThat(rotation.label(seconds - 1)).isEqualTo("all together");
    Rotation alone = new Rotation(attacks.subList(0, 1), 5);
    assertThat(List.of(0.1, 2.5, 4.9)).allMatch(time -> alone.active(attacks.getFirst(), time));
  }

  @Test
  void everyAttackHasANameOfItsOwn() {
    assertThat(Attacks.names()).doesNotHaveDuplicates().hasSize(Attacks.lines().size());
  }
}
