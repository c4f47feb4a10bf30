package twemlab.sim.model.redis;

import java.util.List;
import twemlab.sim.model.Bytes;
import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.ReplySink;
import twemlab.sim.model.RespWriter;
import twemlab.sim.model.ServerModel;

/// One connection to a [RedisModel]: reads commands, checks them as `processCommand` of redis'
/// `server.c` does, runs them.
final class RedisSession implements ServerModel.Session {
  private final RedisModel model;
  private final RedisReader reader = new RedisReader();
  private final ReplyBuffer buffer = new ReplyBuffer();
  private final RespWriter reply = new RespWriter(buffer);
  private int database;
  private boolean authenticated;
  private boolean closed;

  RedisSession(RedisModel model) {
    this.model = model;
    this.authenticated = model.password() == null;
  }

  @Override
  public void receive(byte[] bytes, int from, int to, ReplySink out, long nowMillis) {
    if (!closed) {
      reader.append(bytes, from, to);
    }
    while (!closed && step(nowMillis)) {}
    buffer.drainTo(out);
  }

  /// Reads and runs one command; false if more bytes are needed.
  private boolean step(long now) {
    List<byte[]> arguments;
    try {
      arguments = reader.next(authenticated);
    } catch (RedisError error) {
      reply.error(error.getMessage());
      close();
      return false;
    }
    if (arguments == null) {
      return false;
    }
    if (arguments.size() > 0) {
      try {
        run(arguments, now);
      } catch (RedisError error) {
        reply.error(error.getMessage());
      }
    }
    return true;
  }

  private void run(List<byte[]> arguments, long now) {
    RedisCommands.Row row = RedisCommands.find(new Bytes(arguments.getFirst()));
    if (row == null) {
      throw unknown(arguments);
    }
    if (!row.accepts(arguments.size())) {
      throw RedisError.arity(row.name());
    }
    if (!authenticated && !row.open()) {
      throw new RedisError("NOAUTH Authentication required.");
    }
    row.handler()
        .run(new RedisCall(this, row.name(), arguments, model.database(database), now, reply));
  }

  private static RedisError unknown(List<byte[]> arguments) {
    StringBuilder shown = new StringBuilder();
    for (int i = 1; i < arguments.size() && shown.length() < RedisError.SHOWN; i++) {
      int left = RedisError.SHOWN - shown.length();
      shown.append('\'').append(RedisError.cut(arguments.get(i), left)).append("' ");
    }
    String name = RedisError.cut(arguments.getFirst(), RedisError.SHOWN);
    return new RedisError("ERR unknown command '" + name + "', with args beginning with: " + shown);
  }

  RedisModel model() {
    return model;
  }

  void select(int index) {
    database = index;
  }

  void authenticate() {
    authenticated = true;
  }

  void close() {
    closed = true;
  }

  @Override
  public void limitReplies(int bytes) {
    buffer.limit(bytes);
  }

  @Override
  public boolean partial() {
    return reader.partial();
  }

  @Override
  public boolean closed() {
    return closed;
  }
}
