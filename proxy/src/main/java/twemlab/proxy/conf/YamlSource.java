package twemlab.proxy.conf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.ScannerImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.tokens.Token;

/// The text of a file as YAML tokens and events, with the library's failures in nutcracker's words.
///
/// nutcracker logs only the number of libyaml's error (`yaml_error_type_e`): 2 reader, 3 scanner, 4
/// parser, 5 composer. The library's own sentence goes into the hint.
final class YamlSource {
  private static final int READER_ERROR = 2;
  private static final int SCANNER_ERROR = 3;
  private static final int PARSER_ERROR = 4;
  private static final int COMPOSER_ERROR = 5;

  private final String text;
  private final Refusals refuse;
  private final LoadSettings settings;

  YamlSource(String text, Refusals refuse) {
    this.text = text;
    this.refuse = refuse;
    this.settings =
        LoadSettings.builder()
            .setLabel(refuse.file())
            .setUseMarks(true)
            .setParseComments(false)
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();
  }

  /// Every event of every document.
  ///
  /// @throws ConfException when the text is not YAML, or an alias or anchor is misused
  List<Event> events() throws ConfException {
    List<Event> events = new ArrayList<>();
    Set<String> anchors = new HashSet<>();
    try {
      ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, text));
      while (parser.hasNext()) {
        Event event = parser.next();
        checkAnchors(event, anchors);
        events.add(event);
      }
    } catch (YamlEngineException e) {
      throw notYaml(e);
    }
    return events;
  }

  /// Every token. To be called after [#events], which found the text to be YAML.
  List<Token> tokens() throws ConfException {
    List<Token> tokens = new ArrayList<>();
    try {
      ScannerImpl scanner = new ScannerImpl(settings, new StreamReader(settings, text));
      while (scanner.hasNext()) {
        tokens.add(scanner.next());
      }
    } catch (YamlEngineException e) {
      throw notYaml(e);
    }
    return tokens;
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
      case ReaderException r ->
          failed(
              READER_ERROR,
              Position.ofIndex(text, r.getPosition()),
              String.format("character U+%04X is not allowed in YAML", r.getCodePoint()));
      case ScannerException s -> failed(SCANNER_ERROR, s);
      case ParserException p -> failed(PARSER_ERROR, p);
      case MarkedYamlEngineException m -> failed(COMPOSER_ERROR, m);
      default -> failed(PARSER_ERROR, Position.START, e.getMessage());
    };
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
