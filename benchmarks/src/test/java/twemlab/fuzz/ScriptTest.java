package twemlab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Scripts of the target `proxy`: three forms of one thing, and a property that can fail.
final class ScriptTest {
  private static final String TEXT =
      """
      set-up: memcached eject small-buffers mbuf=1024 servers=1 backend=io_uring seed=200
      client 3 asks "get a"
      client 0 sends "\\x00\\x80\\xff\\r\\n\\"\\\\ "
      client 0 again 77
      server 1 hangs-up
      wait 20
      together
      server 0 says "END\\r\\n"
      """;

  @Test
  void textAndInputAreTheSameScript() {
    Script script = ScriptText.parse(TEXT);
    assertThat(ScriptText.of(script)).isEqualTo(TEXT);
    assertThat(script.steps().get(1).bytes())
        .containsExactly(0, 0x80, 0xff, '\r', '\n', '"', '\\', ' ');
    assertThat(ScriptText.of(Script.decode(script.encode()))).isEqualTo(TEXT);
  }

  @Test
  void anyBytesAreAScript() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] input = new byte[random.nextInt(60)];
      random.nextBytes(input);
      Script script = Script.decode(input);
      String text = ScriptText.of(script);
      assertThat(ScriptText.of(Script.decode(script.encode()))).isEqualTo(text);
      assertThat(ScriptText.of(ScriptText.parse(text))).isEqualTo(text);
    }
  }

  @Test
  void aLineThatIsNotUnderstoodIsNamed() {
    for (String line :
        new String[] {
          "client 0 jumps",
          "client 4 resets",
          "client 0 sends x",
          "server 0 asks \"a\"",
          "wait",
          "client 0 sends \"\\x7f\"",
          "set-up: redis mbuf=7",
          "client 0 resets now",
          "set-up: blue"
        }) {
      assertThatThrownBy(() -> ScriptText.parse("# a comment\n" + line))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(line);
    }
  }

  @Test
  void requestsAreFramed() {
    assertThat(text(ScriptClient.array(bytes("SET a b"))))
        .isEqualTo("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n");
    assertThat(text(ScriptClient.line(bytes("get a b")))).isEqualTo("get a b\r\n");
    assertThat(text(ScriptClient.line(bytes("set a 0 0 value noreply"))))
        .isEqualTo("set a 0 0 5 noreply\r\nvalue\r\n");
    assertThat(text(ScriptClient.line(bytes("set")))).isEqualTo("set\r\nset\r\n");
  }

  @Test
  void theInnocentClientSeesAWrongReply() {
    // What nobody may do: another client writes its key. Which of some keys it is depends on
    // hashes.
    StringBuilder text = new StringBuilder("client 0 asks \"PING\"\n");
    for (int i = 0; i < 20; i++) {
      text.append("together\nclient 0 asks \"SETEX innocent.%d 100 x\"\n".formatted(i));
    }
    Script script = ScriptText.parse("set-up: redis\n" + text.toString().repeat(5));
    ProxyCheck.check(script.encode()); // and so such scripts are left alone
    assertThatThrownBy(() -> play(script))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("an innocent client asked");
  }

  @Test
  void theInnocentClientSeesThatNobodyAnswers() {
    Script script = ScriptText.parse("set-up: redis no-timeout\nwait 2000");
    try (ScriptStage stage = new ScriptStage(script, null)) {
      stage.stopHonestServer();
      assertThatThrownBy(stage::play)
          .isInstanceOf(Violation.class)
          .hasMessageContaining("waits for a second");
    }
  }

  @Test
  void nothingIsSaidOfAScriptThatAServerCannotHold() {
    Script script =
        ScriptText.parse(
            """
            set-up: redis mbuf=16384 servers=1
            client 0 sends "*3\\r\\n$3\\r\\nSET\\r\\n$1\\r\\na\\r\\n$65536\\r\\n"
            client 0 sends "xxxxxxxxxxxxxxxx"
            client 0 again 4095
            client 0 sends "\\r\\n*3001\\r\\n$4\\r\\nMGET\\r\\n"
            client 0 sends "$1\\r\\na\\r\\n"
            client 0 again 2999
            wait 100
            """);
    assertThatThrownBy(() -> play(script)).isInstanceOf(ScriptServer.TooMuch.class);
    ProxyCheck.check(script.encode());
  }

  @Test
  void aScriptIsPlayedTheSameTwice() {
    Script script =
        ScriptText.parse(
            """
            set-up: redis eject servers=2
            server 0 holds
            client 0 asks "MGET a b c d e f"
            client 1 drips "*1\\r\\n$4\\r\\nPING\\r\\n"
            wait 500
            server 0 breaks
            """);
    assertThat(trace(script)).isEqualTo(trace(script)).contains("client 0 asks \"MGET", "PONG");
  }

  @Test
  void aFailingScriptIsMadeSmall() {
    Script script = ScriptText.parse("set-up: redis\nclient 0 asks \"PING\"\n".repeat(3));
    assertThat(ScriptShrinker.shrink(script)).isEqualTo(script); // it does not fail
    Script small =
        ScriptShrinker.shrink(
            ScriptText.parse(
                """
                set-up: redis
                client 0 asks "PING"
                client 0 sends "aaXbb"
                wait 90
                """),
            candidate ->
                ScriptText.of(candidate).contains("X") && ScriptText.of(candidate).contains("wait")
                    ? "found"
                    : "");
    assertThat(ScriptText.of(small))
        .endsWith("seed=1\nclient 0 sends \"X\"\nwait 1\n")
        .hasLineCount(3);
  }

  private static void play(Script script) {
    try (ScriptStage stage = new ScriptStage(script, null)) {
      stage.play();
    }
  }

  private static String trace(Script script) {
    StringWriter text = new StringWriter();
    ProxyCheck.check(script.encode(), new ScriptTrace(new PrintWriter(text)));
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
