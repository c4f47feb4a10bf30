package twemlab.sim.workload;

import java.util.List;
import twemlab.sim.model.Bytes;

/// One request of a [Workload], with what it must be answered.
public final class Request {
  private final long number;
  private final String command;
  private final List<String> keys;
  private final byte[] bytes;
  private final Expectation expected;

  public Request(
      long number, String command, List<String> keys, byte[] bytes, Expectation expected) {
    this.number = number;
    this.command = command;
    this.keys = keys;
    this.bytes = bytes;
    this.expected = expected;
  }

  /// Its place in the workload, from 0.
  public long number() {
    return number;
  }

  /// The command's name, as it is sent.
  public String command() {
    return command;
  }

  /// The keys that it names, in order, repetitions included.
  public List<String> keys() {
    return keys;
  }

  /// The bytes to send. Not a copy: do not change them.
  public byte[] bytes() {
    return bytes;
  }

  /// What it must be answered if nothing fails.
  public Expectation expected() {
    return expected;
  }

  /// False for a `noreply` request.
  public boolean hasReply() {
    return expected.match() != Expectation.Match.NO_REPLY;
  }

  @Override
  public String toString() {
    return "#" + number + " " + new Bytes(bytes);
  }
}
