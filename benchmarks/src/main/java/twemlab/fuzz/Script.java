package twemlab.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What happens around a proxy: its configuration, and what clients and servers do, step by step.
///
/// An input of the fuzzer is a script, whatever its bytes are. A byte from 0x80 on begins an
/// action, the bytes below are what it says; so an action that is put in, taken out or copied
/// leaves the others as they are, and no length has to be kept right.
///
/// ```text
/// |0 set-up |3 actions ...
///             1aaaaaww  payload      a: the action   w: who, of four
///                       0x7f c       a byte of the payload with its high bit: c + 0x80; 0x7f itself
///                                    cannot be said
/// ```
///
/// [ScriptText] is the form that people read.
record Script(ScriptSetup setup, List<Step> steps) {
  private static final int ACTION = 0x80;
  private static final int ESCAPE = 0x7f;
  private static final int NUMBER_MAX = 100_000;

  /// More say nothing that fewer cannot, and cost time.
  private static final int STEPS_MAX = 400;

  /// One thing that happens.
  ///
  /// @param who the client's or server's number, from 0 to 3
  /// @param payload what is said, a character for each byte, or the digits of a number
  record Step(ScriptAction action, int who, String payload) {
    static Step of(ScriptAction action, int who, byte[] payload) {
      return new Step(action, who, new String(payload, StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
      return payload.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The number in the payload's digits, 1 if there are none.
    int number() {
      int number = 0;
      int digits = 0;
      while (digits < payload.length()
          && payload.charAt(digits) >= '0'
          && payload.charAt(digits) <= '9') {
        number = Math.min(NUMBER_MAX, number * 10 + payload.charAt(digits++) - '0');
      }
      return digits == 0 ? 1 : number;
    }
  }

  /// The script that an input is.
  static Script decode(byte[] input) {
    List<Step> steps = new ArrayList<>();
    int at = ScriptSetup.BYTES;
    while (at < input.length && (input[at] & ACTION) == 0) {
      at++; // what stands before the first action is nobody's
    }
    while (at < input.length && steps.size() < STEPS_MAX) {
      int code = input[at++] & 0x7f;
      ByteArrayOutputStream payload = new ByteArrayOutputStream();
      while (at < input.length && (input[at] & ACTION) == 0) {
        boolean escaped = input[at] == ESCAPE;
        at += escaped ? 1 : 0;
        if (at < input.length && (input[at] & ACTION) == 0) {
          payload.write(escaped ? input[at++] | ACTION : input[at++]);
        }
      }
      ScriptAction[] actions = ScriptAction.values();
      ScriptAction action = actions[(code >> 2) % actions.length];
      steps.add(Step.of(action, code & 3, payload.toByteArray()));
    }
    return new Script(ScriptSetup.decode(input), List.copyOf(steps));
  }

  /// The input that is this script.
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(setup.encode());
    for (Step step : steps) {
      out.write(ACTION | step.action.ordinal() << 2 | step.who);
      for (byte b : step.bytes()) {
        if (b < 0) {
          out.write(ESCAPE);
        }
        out.write(b & 0x7f);
      }
    }
    return out.toByteArray();
  }
}
