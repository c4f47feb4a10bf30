package twemlab.sim.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A known bug as a patch of one class: a piece of its source, found by its text, and what stands
/// there instead.
///
/// @param name how the command calls it; a specimen of the bug museum begins with its id
/// @param story what goes wrong
/// @param file the source, from the project's root
/// @param piece a text that occurs once in the source
/// @param replacement what stands there in the mutant
record Mutant(String name, String story, String file, String piece, String replacement) {
  private static final String PROXY = "proxy/src/main/java/twemlab/proxy/";
  private static final String EVENT = "event/src/main/java/twemlab/event/";

  /// All mutants; the canary first.
  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "canary",
              "PING is answered with something else: shows that the pipeline can fail",
              PROXY + "LocalReplies.java",
              "case PING -> \"+PONG\\r\\n\";",
              "case PING -> \"+PANG\\r\\n\";"),
          new Mutant(
              "A8-failed-fragment-not-counted",
              "a fragment's failure is not counted, so its owner waits for ever",
              PROXY + "ResponseForwarder.java",
              "if (--owner.fragmentsOpen > 0) {",
              "if (fragment.error != null || --owner.fragmentsOpen > 0) {"),
          new Mutant(
              "A9-no-server-no-answer",
              "a divided request is not answered when no server is live",
              PROXY + "RequestForwarder.java",
              "if (servers == 0) {\n"
                  + "      pool.responses.fail(msg, pool.errors.of(Errno.ECONNREFUSED));",
              "if (servers == 0) {\n      msg.done = false;"),
          new Mutant(
              "A11-generation-check-dropped",
              "an event for a descriptor that was closed in the same batch reaches its successor",
              EVENT + "ChannelTable.java",
              "return generations[slot] == (int) (handle >>> 32) ? entries[slot] : null;",
              "return entries[slot];"),
          new Mutant(
              "A15-aborted-accept-closes",
              "a connection that was aborted before accept(2) closes the listener",
              EVENT + "ReadinessListener.java",
              "transport.counts().acceptsSkipped++;\n        yield true;",
              "close();\n        yield false;"),
          new Mutant(
              "A16-emfile-closes",
              "no descriptor left: the listener is closed for good",
              EVENT + "ReadinessListener.java",
              "starve();\n        yield false;",
              "close();\n        yield false;"),
          new Mutant(
              "C3-connection-not-counted",
              "a connection to a server is not counted when made, but when lost: a gauge below 0",
              PROXY + "ServerConn.java",
              "server.stats.add(ServerField.SERVER_CONNECTIONS, 1);",
              ""),
          new Mutant(
              "C4-no-select-after-auth",
              "with a password the database is not selected: data goes to database 0",
              PROXY + "ServerConn.java",
              "if (pool.conf.redisDb() > 0) {",
              "if (pool.conf.redisDb() > 0 && pool.conf.redisAuth().isEmpty()) {"),
          new Mutant(
              "C5-noreply-not-cut",
              "noreply is forwarded, but a reply is waited for: replies reach the wrong clients",
              PROXY + "RequestForwarder.java",
              "cutNoreply(msg, view);\n      client",
              "client"),
          new Mutant(
              "C6-starved-for-ever",
              "a listener stopped for want of descriptors is never heard again",
              EVENT + "ReadinessListener.java",
              "transport.starving(this);\n"
                  + "    }\n"
                  + "    transport.timers().schedule(retry, transport.timeNow() +"
                  + " STARVED_RETRY_NANOS);",
              "}"),
          new Mutant(
              "C9-bytes-counted-twice",
              "request_bytes is inflated",
              PROXY + "ServerQueues.java",
              "stats.add(ServerField.REQUEST_BYTES, msg.requestBytes);",
              "stats.add(ServerField.REQUEST_BYTES, 2L * msg.requestBytes);"),
          new Mutant(
              "C10-fragment-to-another-server",
              "a fragment goes to another server than the one that its keys belong to",
              PROXY + "RequestForwarder.java",
              "pool.server(fragment.serverIndex)",
              "pool.server((fragment.serverIndex + 1) % pool.serverCount())"),
          new Mutant(
              "C11-replies-lost-at-garbage",
              "at a broken request the replies to the good ones before it are discarded",
              PROXY + "ClientConn.java",
              "pool.stats.add(PoolField.CLIENT_ERR, 1);\n        finish();",
              "pool.stats.add(PoolField.CLIENT_ERR, 1);\n"
                  + "        channel.closeNow();\n"
                  + "        gone();"),
          new Mutant(
              "abandoned-request-emptied",
              "a request of a client that went keeps its place in the queue, but not its bytes",
              PROXY + "ResponseForwarder.java",
              "msg.inClientQueue = false;\n    msg.client = null;",
              "msg.inClientQueue = false;\n    msg.client = null;\n    msg.request.clear();"),
          new Mutant(
              "fragment-released-twice",
              "a timed-out fragment is released while its owner still has it",
              PROXY + "ResponseForwarder.java",
              "!msg.inServerQueue && msg.owner == null",
              "!msg.inServerQueue"),
          new Mutant(
              "gathered-in-another-order",
              "the values of an MGET come in the order of the servers",
              PROXY + "Gatherer.java",
              "takeElement(owner, owner.fragments[owner.fragmentOfKey[key]]);\n    }\n  }\n\n"
                  + "  private static void takeElement",
              "takeElement(owner, owner.fragments[(owner.fragmentOfKey[key] + 1)"
                  + " % owner.fragmentCount]);\n    }\n  }\n\n  private static void takeElement"),
          new Mutant(
              "no-timeout",
              "the timer for deadlines is never set",
              PROXY + "ServerConn.java",
              "if (deadline != Long.MAX_VALUE && !timer.scheduled()) {",
              "if (deadline < 0 && !timer.scheduled()) {"),
          new Mutant(
              "flow-control-never-resumes",
              "a client that was paused is never read again",
              PROXY + "ClientConn.java",
              "paused = false;\n      channel.resumeReading();",
              "paused = false;"),
          new Mutant(
              "no-rearm-after-eagain",
              "a write that met EAGAIN does not ask to hear of room",
              EVENT + "ReadinessChannel.java",
              "blocked = true;\n    transport.base().addOut(fd, handle);",
              "blocked = true;"),
          new Mutant(
              "end-bit-ignored",
              "a short read means drained also when the end of the stream came with it",
              EVENT + "ReadinessChannel.java",
              "readable = result == room || endAhead;",
              "readable = result == room;"),
          new Mutant(
              "short-read-is-the-end",
              "a short read is taken for the end of the stream",
              EVENT + "ReadinessChannel.java",
              "readable = result == room || endAhead;",
              "readable = result == room || endAhead;\n      endSeen |= !readable;"));

  /// The name of the class that it changes.
  String className() {
    String path = file.substring(file.indexOf("/java/") + 6);
    return path.substring(0, path.length() - ".java".length()).replace('/', '.');
  }

  /// The source with the bug in it.
  ///
  /// @throws IllegalStateException if the patch does not apply any more
  String apply(Path root) throws IOException {
    String source = Files.readString(root.resolve(file));
    int at = source.indexOf(piece);
    if (at < 0 || source.indexOf(piece, at + 1) >= 0) {
      throw new IllegalStateException(
          name + ": the piece to replace occurs " + (at < 0 ? "nowhere" : "twice") + " in " + file);
    }
    return source.substring(0, at) + replacement + source.substring(at + piece.length());
  }
}
