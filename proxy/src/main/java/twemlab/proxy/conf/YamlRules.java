package twemlab.proxy.conf;

import java.util.List;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.tokens.DirectiveToken;
import org.snakeyaml.engine.v2.tokens.Token;

/// Which YAML is a configuration: one document, in block style, `pool: {key: value}`, exactly one
/// sequence in each pool.
///
/// C counterparts `conf_validate_document`, `conf_validate_tokens` and `conf_validate_structure`;
/// the checks are made in that order, each over the whole file.
final class YamlRules {
  private static final int ROOT_DEPTH = 1;
  private static final int MAX_DEPTH = 2;
  private static final String SHAPE =
      "accepted: one block of `pool:` entries, each with indented `key: value` lines and one"
          + " `servers:` list of `- host:port:weight [name]` lines";

  private final Refusals refuse;

  // The walk over the structure: how deep, whether this pool had its sequence, and how many scalars
  // were seen at each depth since the last complete entry.
  private int depth;
  private boolean sequenceSeen;
  private final int[] scalars = new int[MAX_DEPTH + 1];

  private YamlRules(Refusals refuse) {
    this.refuse = refuse;
  }

  /// The events of a file that keeps every rule.
  static List<Event> check(YamlSource source, Refusals refuse) throws ConfException {
    YamlRules rules = new YamlRules(refuse);
    List<Event> events = source.events();
    List<Token> tokens = source.tokens();
    rules.checkDocuments(events);
    for (Token token : tokens) {
      rules.checkToken(token);
    }
    for (Event event : events) {
      rules.checkStructure(event);
    }
    return events;
  }

  private void checkDocuments(List<Event> events) throws ConfException {
    List<Event> starts =
        events.stream().filter(e -> e.getEventId() == Event.ID.DocumentStart).toList();
    if (starts.size() != 1) {
      throw refuse.ofFile(
          starts.isEmpty() ? Position.START : Position.of(starts.get(1)),
          "must contain only 1 document; found " + starts.size() + " documents",
          SHAPE);
    }
  }

  private void checkToken(Token token) throws ConfException {
    switch (token.getTokenId()) {
      case Directive -> {
        boolean version =
            ((DirectiveToken<?>) token).getName().equals(DirectiveToken.YAML_DIRECTIVE);
        throw disallowed(token, version ? "version directive" : "tag directive", version ? 3 : 4);
      }
      case DocumentStart -> throw disallowed(token, "document start", 5);
      case DocumentEnd -> throw disallowed(token, "document end", 6);
      case FlowSequenceStart -> throw disallowed(token, "flow sequence start", 10);
      case FlowSequenceEnd -> throw disallowed(token, "flow sequence end", 11);
      case FlowMappingStart -> throw disallowed(token, "flow mapping start", 12);
      case FlowMappingEnd -> throw disallowed(token, "flow mapping end", 13);
      case FlowEntry -> throw disallowed(token, "flow entry", 15);
      case Alias -> throw disallowed(token, "alias", 18);
      case Anchor -> throw disallowed(token, "anchor", 19);
      case Tag -> throw disallowed(token, "tag", 20);
      default -> {}
    }
  }

  /// The numbers are libyaml's (`yaml_token_type_e`).
  private ConfException disallowed(Token token, String name, int number) {
    return refuse.at(
        Position.of(token.getStartMark()),
        name + " token (" + number + ") is disallowed",
        SHAPE + "; quote a value that begins with one of { [ & * ! %");
  }

  private void checkStructure(Event event) throws ConfException {
    switch (event.getEventId()) {
      case MappingStart -> beginMapping(event);
      case MappingEnd -> endMapping(event);
      case SequenceStart -> beginSequence(event);
      case SequenceEnd -> scalars[depth] = 0;
      case Scalar -> countScalar(event);
      default -> {}
    }
  }

  private void beginMapping(Event event) throws ConfException {
    if (depth == ROOT_DEPTH && scalars[depth] != 1) {
      throw malformed(event, "has more than one \"key:value\" at depth " + depth);
    }
    if (depth >= MAX_DEPTH) {
      throw malformed(event, "has a depth greater than " + MAX_DEPTH);
    }
    depth++;
  }

  private void endMapping(Event event) throws ConfException {
    if (depth == MAX_DEPTH && !sequenceSeen) {
      throw malformed(event, "missing sequence directive at depth " + depth);
    }
    sequenceSeen = false;
    depth--;
    scalars[depth] = 0;
  }

  private void beginSequence(Event event) throws ConfException {
    if (sequenceSeen) {
      throw malformed(event, "has more than one sequence directive");
    }
    if (depth != MAX_DEPTH) {
      throw malformed(event, "has sequence at depth " + depth + " instead of " + MAX_DEPTH);
    }
    if (scalars[depth] != 1) {
      throw malformed(event, "has invalid \"key:value\" at depth " + depth);
    }
    sequenceSeen = true;
  }

  private void countScalar(Event event) throws ConfException {
    if (depth == 0) {
      throw malformed(event, "has invalid empty \"key:\" at depth 0");
    }
    if (depth == ROOT_DEPTH && scalars[depth] != 0) {
      throw malformed(event, "has invalid mapping \"key:\" at depth " + depth);
    }
    if (depth == MAX_DEPTH && scalars[depth] == 2) {
      scalars[depth] = 0;
    }
    scalars[depth]++;
  }

  private ConfException malformed(Event event, String reason) {
    return refuse.ofFile(Position.of(event), reason, SHAPE);
  }
}
