package twemlab.sim.model;

/// Writes RESP2 replies (redis protocol specification, version 2).
public final class RespWriter {
  private final ReplyBuffer out;

  public RespWriter(ReplyBuffer out) {
    this.out = out;
  }

  public void ok() {
    simple("OK");
  }

  public void simple(String text) {
    out.append("+").append(text).append("\r\n");
  }

  public void error(String text) {
    out.append("-").append(text.replace('\r', ' ').replace('\n', ' ')).append("\r\n");
  }

  /// A reply that is written out already.
  public void raw(String reply) {
    out.append(reply);
  }

  public void integer(long number) {
    out.append(":").append(number).append("\r\n");
  }

  public void bulk(byte[] bytes) {
    if (bytes == null) {
      out.append("$-1\r\n");
    } else {
      out.append("$").append(bytes.length).append("\r\n").append(bytes).append("\r\n");
    }
  }

  public void array(long count) {
    out.append("*").append(count).append("\r\n");
  }

  public void nullArray() {
    out.append("*-1\r\n");
  }
}
