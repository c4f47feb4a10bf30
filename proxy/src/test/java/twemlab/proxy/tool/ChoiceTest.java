package twemlab.proxy.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Names that people type.
class ChoiceTest {
  private static final List<String> NAMES = List.of("epoll", "epoll-level", "poll", "kqueue");

  private static String chosen(String given) {
    return Choice.of("--backend", given, NAMES);
  }

  @Test
  void aNameIsItselfAlsoWhereLongerOnesBeginSo() {
    assertThat(chosen("epoll")).isEqualTo("epoll");
  }

  @Test
  void lettersThatBeginOneNameDo() {
    assertThat(chosen("k")).isEqualTo("kqueue");
    assertThat(chosen("epoll-")).isEqualTo("epoll-level");
  }

  @Test
  void othersAreRefusedWithTheNearestAndAllNames() {
    assertThatThrownBy(() -> chosen("epol"))
        .isInstanceOf(Choice.Unknown.class)
        .hasMessage(
            "--backend 'epol': did you mean epoll? accepted: epoll, epoll-level, poll, kqueue");
    assertThatThrownBy(() -> chosen("KQEUEU")).hasMessageContaining("did you mean kqueue?");
    assertThatThrownBy(() -> chosen("select"))
        .hasMessage("--backend 'select': accepted: epoll, epoll-level, poll, kqueue");
    assertThatThrownBy(() -> chosen("")).isInstanceOf(Choice.Unknown.class);
  }
}
