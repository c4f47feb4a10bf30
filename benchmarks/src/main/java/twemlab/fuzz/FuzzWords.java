package twemlab.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import twemlab.protocol.command.Command;
import twemlab.protocol.command.MemcacheCommand;
import twemlab.protocol.command.RedisCommand;

/// What the fuzzer puts together inputs of, besides single bytes: the commands, and what is special
/// to requests, replies and scripts.
final class FuzzWords {
  private static final List<String> SPECIAL =
      List.of(
          "\r\n",
          "$-1\r\n",
          "*-1\r\n",
          ":-1\r\n",
          ":9223372036854775807\r\n",
          ":-9223372036854775808\r\n",
          "$2147483647\r\n",
          "*2147483647\r\n",
          "*1048576\r\n",
          "*1\r\n",
          "$0\r\n\r\n",
          "+OK\r\n",
          "-OOM x\r\n",
          "-LOADING x\r\n",
          "-BUSY x\r\n",
          "-ERR x\r\n",
          "VALUE a 0 1\r\nx\r\n",
          "END\r\n",
          "STORED\r\n",
          "SERVER_ERROR x\r\n",
          "CLIENT_ERROR x\r\n",
          "ERROR\r\n",
          " noreply",
          " 0 0 1\r\n",
          "SETNAME",
          "DEFAULT",
          "COUNT",
          "SETINFO",
          "sesame",
          "return{err='OOM x'}",
          "return{{{{1}}}}",
          "1024",
          "65536");

  private FuzzWords() {}

  /// The words in the form of libFuzzer's dictionaries.
  static String dictionary() {
    List<String> words = new ArrayList<>(SPECIAL);
    Stream.<Command>concat(
            Arrays.stream(RedisCommand.values()), Arrays.stream(MemcacheCommand.values()))
        .map(Command::wireName)
        .distinct()
        .forEach(words::add);
    for (ScriptAction action : ScriptAction.values()) {
      words.add(new String(code(action), StandardCharsets.ISO_8859_1));
    }
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      text.append('"');
      for (byte b : word.getBytes(StandardCharsets.ISO_8859_1)) {
        text.append(String.format("\\x%02x", b & 0xff));
      }
      text.append("\"\n");
    }
    return text.toString();
  }

  private static byte[] code(ScriptAction action) {
    Script.Step step = new Script.Step(action, 0, "");
    byte[] script = new Script(ScriptSetup.parse(""), List.of(step)).encode();
    return Arrays.copyOfRange(script, ScriptSetup.BYTES, script.length);
  }
}
