package twemlab.proxy.tool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// What a command printed and how it ended.
record CommandRun(int exitCode, String out, String err) {

  /// Runs a command over an input of one character a byte.
  static CommandRun of(Function<Streams, Object> command, String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)),
            out,
            Streams.lines(err));
    int exitCode = Launch.run(command.apply(streams), streams, arguments);
    return new CommandRun(
        exitCode, out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.UTF_8));
  }
}
