package twemlab.protocol;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import twemlab.protocol.command.Command;
import twemlab.protocol.command.Handling;

/// What a parser says about one buffer, as text: the columns `result`, `type`, `consumed`, `keys`,
/// `noreply` and `quit` of a table of parser cases, separated by tabs.
///
/// The table's reference is twemproxy, which gives up where these parsers refuse a well framed
/// request. So a refused request is `ERROR` from the moment at which the refusal is known, and so
/// is a command that twemproxy does not know and the proxy answers by itself.
public final class ParserRow {
  private static final String NOTHING = "\t-\t-\t-\t-\t-";

  /// The forwarded commands of which twemproxy knows nothing.
  private static final Set<String> FORWARDED =
      Set.of(
          """
          expiretime pexpiretime xlen digest vcard vdim vinfo publish spublish delifeq vgetattr
          vismember vrem substr vsetattr sort_ro bitfield_ro georadius_ro georadiusbymember_ro
          delex hexpire hpexpire hexpireat hpexpireat httl hpttl hexpiretime hpexpiretime hpersist
          hgetdel hgetex hsetex xadd xrange xrevrange xdel xdelex xtrim xack xackdel xpending
          xclaim xautoclaim xsetid xcfgset vadd vemb vlinks vrandmember vrange vsim object xgroup
          xinfo rename renamenx lcs msetnx bitop sintercard zintercard lmpop zmpop eval_ro
          evalsha_ro fcall fcall_ro gat gats dbsize keys randomkey flushall flushdb flush_all
          """
              .split("\\s+"));

  /// The commands that twemproxy answers itself.
  private static final Set<String> ANSWERED = Set.of("ping", "quit", "auth", "command");

  private ParserRow() {}

  private static boolean isOurs(Command command) {
    return command.handling() == Handling.LOCAL
        ? !ANSWERED.contains(command.wireName())
        : FORWARDED.contains(command.wireName());
  }

  /// Feeds the whole segment to a parser that was reset, and describes what it says.
  public static String request(RequestParser parser, MemorySegment bytes) {
    parser.recordKeys(true);
    ParseResult result = parser.parse(bytes, 0, bytes.byteSize());
    RequestView view = parser.view();
    boolean refused =
        view.refusal() != RefusalReason.NONE
            || view.inline()
            || (view.command() != null && isOurs(view.command()));
    if (result == ParseResult.ERROR || refused) {
      return ParseResult.ERROR + NOTHING;
    }
    if (result == ParseResult.AGAIN) {
      return ParseResult.AGAIN + NOTHING;
    }
    return "%s\t%s\t%d\t%s\t%d\t%d"
        .formatted(
            result,
            view.command().wireName(),
            view.length(),
            keys(view),
            view.noreply() ? 1 : 0,
            view.quit() ? 1 : 0);
  }

  private static String keys(RequestView view) {
    if (view.keyCount() == 0) {
      return "-";
    }
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < view.keyCount(); i++) {
      keys.append(i == 0 ? "" : ",").append(view.keyStart(i)).append(':').append(view.keyEnd(i));
    }
    return keys.toString();
  }

  /// Feeds the whole segment to a parser that was reset, and describes what it says.
  public static String reply(ReplyParser parser, MemorySegment bytes) {
    ParseResult result = parser.parse(bytes, 0, bytes.byteSize());
    ReplyView view = parser.view();
    if (parser instanceof MemcacheReplyParser && view.type() == ReplyType.STATUS) {
      // The answer to `flush_all`, which twemproxy does not forward.
      return ParseResult.ERROR + NOTHING;
    }
    if (result != ParseResult.OK) {
      return result + NOTHING;
    }
    boolean word = view.errorWord() != ErrorWord.NONE && view.errorWord() != ErrorWord.OTHER;
    String type = view.type().label() + (word ? "_" + view.errorWord().lowerCaseName() : "");
    return "%s\t%s\t%d\t-\t-\t-".formatted(result, type, view.length());
  }
}
