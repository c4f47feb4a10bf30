package twemlab.proxy.conf;

import java.util.Optional;
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

  private int documents;
  private Position secondDocument = Position.START;
  private Optional<ConfException> firstDisallowed = Optional.empty();

  // The walk over the structure: how deep, whether this pool had its sequence, and how many scalars
  // were seen at each depth since the last complete entry.
  private int depth;
  private boolean sequenceSeen;
  private final int[] scalars = new int[MAX_DEPTH + 1];

  private YamlRules(Refusals refuse) {
    this.refuse = refuse;
  }

  /// Refuses a file that breaks a rule.
  static void check(YamlSource source, Refusals refuse) throws ConfException {
    YamlRules rules = new YamlRules(refuse);
    source.check();
    source.forEachToken(rules::noteDisallowed);
    source.forEachEvent(rules::countDocument);
    rules.checkDocuments();
    if (rules.firstDisallowed.isPresent()) {
      throw rules.firstDisallowed.get();
    }
    source.forEachEvent(rules::checkStructure);
  }

  private void countDocument(Event event) {
    if (event.getEventId() == Event.ID.DocumentStart && ++documents == 2) {
      secondDocument = Position.of(event);
    }
  }

  private void checkDocuments() throws ConfException {
    if (documents != 1) {
      throw refuse.ofFile(
          secondDocument, "must contain only 1 document; found " + documents + " documents", SHAPE);
    }
  }

  private void noteDisallowed(Token token) {
    if (firstDisallowed.isEmpty()) {
      firstDisallowed = disallowed(token);
    }
  }

  private Optional<ConfException> disallowed(Token token) {
    return switch (token.getTokenId()) {
      case Directive -> {
        boolean version =
            ((DirectiveToken<?>) token).getName().equals(DirectiveToken.YAML_DIRECTIVE);
        yield disallowed(token, version ? "version directive" : "tag directive", version ? 3 : 4);
      }
      case DocumentStart -> disallowed(token, "document start", 5);
      case DocumentEnd -> disallowed(token, "document end", 6);
      case FlowSequenceStart -> disallowed(token, "flow sequence start", 10);
      case FlowSequenceEnd -> disallowed(token, "flow sequence end", 11);
      case FlowMappingStart -> disallowed(token, "flow mapping start", 12);
      case FlowMappingEnd -> disallowed(token, "flow mapping end", 13);
      case FlowEntry -> disallowed(token, "flow entry", 15);
      case Alias -> disallowed(token, "alias", 18);
      case Anchor -> disallowed(token, "anchor", 19);
      case Tag -> disallowed(token, "tag", 20);
      default -> Optional.empty();
    };
  }

  /// The numbers are libyaml's (`yaml_token_type_e`).
  private Optional<ConfException> disallowed(Token token, String name, int number) {
    return Optional.of(
        refuse.at(
            Position.of(token.getStartMark()),
            name + " token (" + number + ") is disallowed",
            SHAPE + "; quote a value that begins with one of { [ & * ! %"));
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
