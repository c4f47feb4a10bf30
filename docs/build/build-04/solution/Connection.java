package twemlab.exercise.build;

import java.util.Arrays;

/// One connection: what has come and was not used, and what is to be sent and was not taken.
final class Connection implements Loop.Handler {
  /// Whose connection it is.
  interface Owner {
    /// More bytes have come: see [Connection#input].
    void received();

    /// The other side has ended, and may still read.
    void ended();

    /// The connection is gone.
    void closed();
  }

  private final Sockets sockets;
  private final Loop loop;
  private final int fd;
  private final Owner owner;
  private final byte[] buffer = new byte[4_096];
  private byte[] input = {};
  private byte[] output = {};
  private boolean connecting;
  private boolean ended;
  private boolean closing;
  private boolean closed;

  /// @param connecting whether it is still being made
  Connection(Sockets sockets, Loop loop, int fd, boolean connecting, Owner owner) {
    this.sockets = sockets;
    this.loop = loop;
    this.fd = fd;
    this.connecting = connecting;
    this.owner = owner;
    loop.watch(fd, this);
    want();
  }

  private void want() {
    loop.want(fd, !ended && !connecting, connecting || output.length > 0);
  }

  /// The bytes that nobody has used.
  byte[] input() {
    return input;
  }

  /// Takes the first ones away.
  byte[] take(int count) {
    byte[] taken = Arrays.copyOf(input, count);
    input = Arrays.copyOfRange(input, count, input.length);
    return taken;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public void readable() {
    if (connecting) {
      writable(); // an error is reported as readable
      return;
    }
    int count = sockets.read(fd, buffer);
    if (count > 0) {
      int length = input.length;
      input = Arrays.copyOf(input, length + count);
      System.arraycopy(buffer, 0, input, length, count);
      owner.received();
    } else if (count == 0 && !ended) {
      ended = true;
      want(); // the end stays readable for ever: nobody needs to hear it twice
      owner.ended();
    } else if (count < 0 && count != Sockets.AGAIN && count != Sockets.INTERRUPTED) {
      close();
    }
  }

  @Override
  public void writable() {
    if (connecting) {
      connecting = false;
      if (sockets.error(fd) < 0) {
        close();
        return;
      }
    }
    flush();
  }

  /// Sends bytes, now or as soon as there is room.
  void send(byte[] bytes) {
    int length = output.length;
    output = Arrays.copyOf(output, length + bytes.length);
    System.arraycopy(bytes, 0, output, length, bytes.length);
    if (length == 0 && !connecting) {
      flush();
    }
  }

  private void flush() {
    int from = 0;
    int count = 0;
    while (from < output.length && count >= 0 && !closed) {
      count = sockets.write(fd, output, from, output.length);
      from += Math.max(0, count);
    }
    output = Arrays.copyOfRange(output, from, output.length);
    if (count < 0 && count != Sockets.AGAIN && count != Sockets.INTERRUPTED) {
      close();
    } else if (closing && output.length == 0) {
      close();
    } else if (!closed) {
      want();
    }
  }

  /// Closes when all is sent.
  void closeWhenSent() {
    closing = true;
    flush();
  }

  void close() {
    if (!closed) {
      closed = true;
      loop.forget(fd); // before the number can be given again
      sockets.close(fd);
      owner.closed();
    }
  }
}
