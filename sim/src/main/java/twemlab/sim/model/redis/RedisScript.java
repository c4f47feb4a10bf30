package twemlab.sim.model.redis;

import twemlab.sim.model.ReplyBuffer;
import twemlab.sim.model.RespWriter;

/// The scripts that [RedisModel] knows: `return` and a value made of integers, strings, booleans,
/// and tables in braces, `{ok='text'}` and `{err='text'}` among them. So a client can ask for any
/// well-formed reply, as it can of a real server.
///
/// Converted as `luaReplyToRedisReply` does: `true` is 1, `false` is a null, an `err` whose text
/// begins with `-` keeps its own code.
final class RedisScript {
  /// Lua's limit of levels in its C code, LUAI_MAXCCALLS: deeper tables do not compile.
  private static final int DEPTH_MAX = 195;

  private static final String RETURN = "return";

  private final String text;
  private final RespWriter reply;
  private int at;

  private RedisScript(String text, RespWriter reply) {
    this.text = text;
    this.reply = reply;
  }

  /// Writes the reply of a script.
  ///
  /// @throws RedisError if it is not of the known form; nothing is written then
  static void run(String text, RespWriter reply) {
    ReplyBuffer result = new ReplyBuffer();
    RedisScript script = new RedisScript(text, new RespWriter(result));
    if (!text.startsWith(RETURN)) {
      throw unknown();
    }
    script.at = RETURN.length();
    script.value(0);
    if (script.next() != 0) {
      throw unknown();
    }
    reply.raw(result.toString());
  }

  private static RedisError unknown() {
    return new RedisError("ERR this model knows no such script");
  }

  /// The next character that is no space; 0 at the end.
  private char next() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean skip(String word) {
    boolean here = next() != 0 && text.startsWith(word, at);
    at += here ? word.length() : 0;
    return here;
  }

  private void value(int depth) {
    if (depth > DEPTH_MAX) {
      throw unknown();
    }
    if (skip("{")) {
      table(depth);
    } else if (next() == '\'') {
      reply.bulk(new ReplyBuffer().append(string()).toByteArray());
    } else if (skip("true")) {
      reply.integer(1);
    } else if (skip("false")) {
      reply.bulk(null);
    } else {
      reply.integer(number());
    }
  }

  private void table(int depth) {
    if (skip("ok=")) {
      reply.simple(string());
      end();
      return;
    }
    if (skip("err=")) {
      reply.error(string());
      end();
      return;
    }
    reply.array(elements());
    if (skip("}")) {
      return;
    }
    do {
      value(depth + 1);
    } while (skip(","));
    end();
  }

  private void end() {
    if (!skip("}")) {
      throw unknown();
    }
  }

  /// How many elements the table has whose brace has just been read.
  private int elements() {
    int elements = next() == '}' ? 0 : 1;
    int depth = 0;
    boolean quoted = false;
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '\'';
      if (!quoted) {
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        elements += c == ',' && depth == 0 ? 1 : 0;
      }
      if (depth < 0) {
        break;
      }
    }
    return elements;
  }

  private String string() {
    boolean quoted = next() == '\'';
    int from = at + 1;
    int to = quoted ? text.indexOf('\'', from) : -1;
    if (to < 0) {
      throw unknown();
    }
    at = to + 1;
    return text.substring(from, to);
  }

  private long number() {
    next();
    int from = at;
    while (at < text.length() && (text.charAt(at) == '-' || Character.isDigit(text.charAt(at)))) {
      at++;
    }
    try {
      return Long.parseLong(text.substring(from, at));
    } catch (NumberFormatException e) {
      throw unknown();
    }
  }
}
