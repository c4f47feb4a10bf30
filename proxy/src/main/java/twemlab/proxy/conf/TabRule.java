package twemlab.proxy.conf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.tokens.ScalarToken;
import org.snakeyaml.engine.v2.tokens.Token;

/// Where YAML 1.2 takes a tab and libyaml does not: in the white space at the start of a line, also
/// of an empty line or before a comment, and after the `-` of a list.
///
/// libyaml skips a tab between tokens only where no simple key may begin (`simple_key_allowed` in
/// `yaml_parser_scan_to_next_token`), and the white space behind a plain scalar may hold one on a
/// further line only beyond the block's indentation (`yaml_parser_scan_plain_scalar`).
final class TabRule {
  private final int[] text;
  private final Deque<Integer> indents = new ArrayDeque<>();
  private int flowDepth;
  private int end;
  private Optional<Token> last = Optional.empty();

  /// Takes the whole text as code points.
  TabRule(int[] text) {
    this.text = text;
  }

  /// The index of a forbidden tab between the previous token and this one.
  Optional<Integer> next(Token token) {
    int start = token.getStartMark().orElseThrow().getIndex();
    Optional<Integer> tab =
        flowDepth > 0 ? Optional.empty() : tabBefore(Math.min(start, text.length));
    int newEnd = token.getEndMark().orElseThrow().getIndex();
    if (newEnd > end) {
      end = newEnd;
      last = Optional.of(token);
    }
    switch (token.getTokenId()) {
      case BlockMappingStart, BlockSequenceStart ->
          indents.push(token.getStartMark().get().getColumn());
      case BlockEnd -> indents.pop();
      case FlowMappingStart, FlowSequenceStart -> flowDepth++;
      case FlowMappingEnd, FlowSequenceEnd -> flowDepth--;
      default -> {}
    }
    return tab;
  }

  private Optional<Integer> tabBefore(int start) {
    boolean inPlain = last.isPresent() && isPlain(last.get());
    boolean keyAllowed = last.isEmpty() || last.get().getTokenId() == Token.ID.BlockEntry;
    boolean newLine = false;
    boolean comment = false;
    int column = 0;
    for (int i = end; i < start; i++, column++) {
      int c = text[i];
      if (c == '\n' || c == '\r') {
        newLine = true;
        comment = false;
        column = -1;
      } else if (c == '#') {
        comment = true;
        inPlain = false;
      } else if (c == '\t' && !comment) {
        boolean forbidden = inPlain ? newLine && column <= indent() : newLine || keyAllowed;
        if (forbidden) {
          return Optional.of(i);
        }
      }
    }
    return Optional.empty();
  }

  private int indent() {
    return indents.isEmpty() ? -1 : indents.peek();
  }

  private static boolean isPlain(Token token) {
    return token instanceof ScalarToken scalar && scalar.getStyle() == ScalarStyle.PLAIN;
  }
}
