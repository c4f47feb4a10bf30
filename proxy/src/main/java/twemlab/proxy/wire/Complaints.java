package twemlab.proxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import twemlab.protocol.RequestView;
import twemlab.protocol.command.Complaint;

/// What a client is told whose bytes cannot be read: the server's own words, made once.
public final class Complaints {
  private static final int BINARY_HEADER = 24;
  private static final byte BINARY_RESPONSE = (byte) 0x81;
  private static final short UNKNOWN_COMMAND = 0x81;

  private static final Map<Complaint, byte[]> LINES = new EnumMap<>(Complaint.class);

  static {
    for (Complaint complaint : Complaint.values()) {
      LINES.put(complaint, (complaint.text() + "\r\n").getBytes(US_ASCII));
    }
  }

  private Complaints() {}

  /// The bytes that a client gets.
  public static byte[] of(Complaint complaint, RequestView view) {
    return switch (complaint) {
      case BINARY_PROTOCOL -> binary(complaint.text(), view);
      case EXPECTED_DOLLAR -> dollar(complaint.text(), view.unexpected());
      default -> LINES.get(complaint);
    };
  }

  /// redis makes spaces of line ends, and its text ends at a NUL.
  private static byte[] dollar(String text, byte unexpected) {
    char c = (char) (unexpected & 0xFF);
    String shown = c == 0 ? "" : (c == '\r' || c == '\n' ? ' ' : c) + "'";
    return (text + shown + "\r\n").getBytes(ISO_8859_1);
  }

  /// An answer in memcached's binary protocol (protocol_binary.h): magic, operation, length of the
  /// key, length of the extras, data type, status, length of the body, opaque, cas; then the text.
  private static byte[] binary(String text, RequestView view) {
    byte[] body = text.getBytes(US_ASCII);
    return ByteBuffer.allocate(BINARY_HEADER + body.length)
        .put(BINARY_RESPONSE)
        .put(view.binaryOpcode())
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort(UNKNOWN_COMMAND)
        .putInt(body.length)
        .putInt(view.binaryOpaque())
        .putLong(0)
        .put(body)
        .array();
  }
}
