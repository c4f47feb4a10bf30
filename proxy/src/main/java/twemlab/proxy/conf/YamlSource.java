package twemlab.proxy.conf;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.ScannerImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.tokens.DirectiveToken;
import org.snakeyaml.engine.v2.tokens.Token;

/// The text of a file as YAML tokens and events, with the library's failures in nutcracker's words.
///
/// nutcracker logs only the number of libyaml's error (`yaml_error_type_e`): 2 reader, 3 scanner, 4
/// parser, 5 composer. The library's own sentence goes into the hint.
///
/// The library reads YAML 1.2, libyaml 1.1. What the difference means for a configuration is evened
/// out here: U+0085, U+2028 and U+2029 end a line, DEL and a byte order mark at the start of a
/// further line are refused, only `%YAML` and `%TAG` are directives, and [TabRule].
final class YamlSource {
  private static final int READER_ERROR = 2;
  private static final int SCANNER_ERROR = 3;
  private static final int PARSER_ERROR = 4;
  private static final int COMPOSER_ERROR = 5;

  private static final Pattern OTHER_BREAKS = Pattern.compile("[\u0085\u2028\u2029]");
  private static final Pattern INNER_MARK = Pattern.compile("(?m)^ *\ufeff");
  private static final Pattern UNREADABLE =
      Pattern.compile("[^\\t\\n\\r -~\\xa0-\\x{d7ff}\\x{e000}-\\x{fffd}\\x{10000}-\\x{10ffff}]");

  private final String text;
  private final Refusals refuse;
  private final LoadSettings settings;

  YamlSource(String text, Refusals refuse) {
    this.text = OTHER_BREAKS.matcher(text).replaceAll("\n");
    this.refuse = refuse;
    this.settings =
        LoadSettings.builder()
            .setLabel(refuse.file())
            .setUseMarks(true)
            .setParseComments(false)
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();
  }

  /// Looks at an event or a token, or refuses the file for it.
  interface Visitor<T> {
    void visit(T each) throws ConfException;
  }

  /// The events of every document, one at a time: nothing keeps them all, so a file costs no more
  /// memory than its text. To be called after [#check], which found the text to be YAML.
  Iterator<Event> events() {
    return new ParserImpl(settings, new StreamReader(settings, text));
  }

  /// Reads the whole text.
  ///
  /// @throws ConfException when the text is not YAML, an alias or anchor is misused, or a limit is
  ///   passed
  void check() throws ConfException {
    checkCharacters();
    checkLines();
    Set<String> anchors = new HashSet<>();
    int depth = 0;
    try {
      for (Iterator<Event> events = events(); events.hasNext(); ) {
        Event event = events.next();
        checkAnchors(event, anchors);
        checkLength(event);
        depth += nesting(event);
        if (depth > ConfLimits.DEPTH) {
          throw refuse.ofFile(
              Position.of(event),
              "has a depth greater than " + ConfLimits.DEPTH,
              "accepted: a depth of 2, `pool:` and below it `key: value`");
        }
      }
    } catch (YamlEngineException e) {
      throw notYaml(e);
    }
  }

  private static int nesting(Event event) {
    return switch (event.getEventId()) {
      case MappingStart, SequenceStart -> 1;
      case MappingEnd, SequenceEnd -> -1;
      default -> 0;
    };
  }

  private void checkLength(Event event) throws ConfException {
    if (event instanceof ScalarEvent scalar
        && (scalar.getValue().length() > ConfLimits.SCALAR_BYTES
            || Values.bytes(scalar.getValue()).length > ConfLimits.SCALAR_BYTES)) {
      throw refuse.ofFile(
          Position.of(event),
          "has a key or value of more than " + ConfLimits.SCALAR_BYTES + " bytes",
          "accepted: keys and values of at most " + ConfLimits.SCALAR_BYTES + " bytes");
    }
  }

  /// Every event, of which the visitor keeps none.
  void forEachEvent(Visitor<Event> visitor) throws ConfException {
    for (Iterator<Event> events = events(); events.hasNext(); ) {
      visitor.visit(events.next());
    }
  }

  /// Every token. To be called after [#check], which found the text to be YAML.
  ///
  /// @throws ConfException when libyaml would not have scanned it, or the visitor refuses it
  void forEachToken(Visitor<Token> visitor) throws ConfException {
    TabRule tabs = new TabRule(text.codePoints().toArray());
    try {
      ScannerImpl scanner = new ScannerImpl(settings, new StreamReader(settings, text));
      while (scanner.hasNext()) {
        Token token = scanner.next();
        checkToken(token, tabs.next(token));
        visitor.visit(token);
      }
    } catch (YamlEngineException e) {
      throw notYaml(e);
    }
  }

  /// What libyaml's reader refuses.
  private void checkCharacters() throws ConfException {
    Matcher matcher = UNREADABLE.matcher(text);
    if (matcher.find()) {
      int index = text.codePointCount(0, matcher.start());
      throw unreadable(index, text.codePointAt(matcher.start()));
    }
    Matcher mark = INNER_MARK.matcher(text);
    if (mark.find()) {
      Position at = Position.ofIndex(text, text.codePointCount(0, mark.start()));
      throw failed(SCANNER_ERROR, at, "a byte order mark inside the text");
    }
  }

  private void checkLines() throws ConfException {
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        start = i + 1;
      } else if (i - start == ConfLimits.LINE) {
        throw refuse.ofFile(
            Position.ofIndex(text, text.codePointCount(0, start)),
            "has a line of more than " + ConfLimits.LINE + " characters",
            "accepted: lines of at most " + ConfLimits.LINE + " characters");
      }
    }
  }

  private ConfException unreadable(int index, int codePoint) {
    return failed(
        READER_ERROR,
        Position.ofIndex(text, index),
        String.format("character U+%04X is not allowed", codePoint));
  }

  private void checkToken(Token token, Optional<Integer> forbiddenTab) throws ConfException {
    if (forbiddenTab.isPresent()) {
      throw failed(
          SCANNER_ERROR,
          Position.ofIndex(text, forbiddenTab.get()),
          "a tab where only blanks may indent");
    }
    if (token instanceof DirectiveToken<?> directive
        && !directive.getName().equals(DirectiveToken.YAML_DIRECTIVE)
        && !directive.getName().equals(DirectiveToken.TAG_DIRECTIVE)) {
      throw failed(SCANNER_ERROR, Position.of(token.getStartMark()), "an unknown directive");
    }
  }

  /// What libyaml's composer checks, and an event parser does not.
  private void checkAnchors(Event event, Set<String> anchors) throws ConfException {
    switch (event.getEventId()) {
      case DocumentStart -> anchors.clear();
      case Alias -> {
        if (!anchors.contains(((AliasEvent) event).getAlias().getValue())) {
          throw failed(COMPOSER_ERROR, Position.of(event), "an alias without its anchor");
        }
      }
      case Scalar, MappingStart, SequenceStart -> {
        var anchor = ((NodeEvent) event).getAnchor();
        if (anchor.isPresent() && !anchors.add(anchor.get().getValue())) {
          throw failed(COMPOSER_ERROR, Position.of(event), "an anchor that is already used");
        }
      }
      default -> {}
    }
  }

  private ConfException notYaml(YamlEngineException e) {
    return switch (e) {
      case ReaderException r -> unreadable(r.getPosition(), r.getCodePoint());
      case ScannerException s -> failed(SCANNER_ERROR, s);
      case ParserException p ->
          failed(isUnknownDirective(p.getProblemMark()) ? SCANNER_ERROR : PARSER_ERROR, p);
      case MarkedYamlEngineException m -> failed(COMPOSER_ERROR, m);
      default -> failed(PARSER_ERROR, Position.START, e.getMessage());
    };
  }

  /// Whether the parser stumbled over a directive that libyaml's scanner does not know.
  private boolean isUnknownDirective(Optional<Mark> mark) {
    String line = text.lines().skip(Position.of(mark).line() - 1).findFirst().orElse("");
    return line.startsWith("%") && !line.startsWith("%YAML ") && !line.startsWith("%TAG ");
  }

  private ConfException failed(int error, MarkedYamlEngineException e) {
    String context = e.getContext() == null ? "" : e.getContext() + ", ";
    var mark = e.getProblemMark().isPresent() ? e.getProblemMark() : e.getContextMark();
    return failed(error, Position.of(mark), context + e.getProblem());
  }

  private ConfException failed(int error, Position at, String problem) {
    String hint = "not YAML in block style: " + problem.strip().replaceAll("\\s+", " ");
    return refuse.at(at, "failed (err " + error + ") to get the next yaml document", hint);
  }
}
