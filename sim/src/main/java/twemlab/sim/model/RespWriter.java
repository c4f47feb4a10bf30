package twemlab.sim.model;

/// Writes RESP2 replies (redis protocol specification, version 2).
final class RespWriter {
  private final ReplyBuffer out;

  RespWriter(ReplyBuffer out) {
    this.out = out;
  }

  void ok() {
    simple("OK");
  }

  void simple(String text) {
    out.append("+").append(text).append("\r\n");
  }

  void error(String text) {
    out.append("-").append(text.replace('\r', ' ').replace('\n', ' ')).append("\r\n");
  }

  /// A reply that is written out already.
  void raw(String reply) {
    out.append(reply);
  }

  void integer(long number) {
    out.append(":").append(number).append("\r\n");
  }

  void bulk(byte[] bytes) {
    if (bytes == null) {
      out.append("$-1\r\n");
    } else {
      out.append("$").append(bytes.length).append("\r\n").append(bytes).append("\r\n");
    }
  }

  void array(long count) {
    out.append("*").append(count).append("\r\n");
  }

  void nullArray() {
    out.append("*-1\r\n");
  }
}
