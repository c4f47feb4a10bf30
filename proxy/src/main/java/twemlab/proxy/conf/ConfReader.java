package twemlab.proxy.conf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.snakeyaml.engine.v2.events.Event;

/// Turns the events of a well-formed file into pools and checks the pools against each other.
///
/// C counterparts `conf_parse_core`, `conf_post_validate`.
final class ConfReader {
  private record PlacedPool(PoolConf pool, Position nameAt, Position listenAt) {}

  private final Refusals refuse;
  private final ListenCheck listenCheck;

  ConfReader(Refusals refuse, ListenCheck listenCheck) {
    this.refuse = refuse;
    this.listenCheck = listenCheck;
  }

  /// The pools, sorted, of events that keep [YamlRules].
  List<PoolConf> pools(Iterator<Event> events) throws ConfException {
    List<PoolDraft> drafts = drafts(events);
    checkSize(drafts);
    List<PlacedPool> pools = new ArrayList<>();
    for (PoolDraft draft : drafts) {
      pools.add(new PlacedPool(draft.finish(), draft.name().at(), draft.listenAt()));
    }
    checkListenAddresses(pools);
    checkNames(pools);
    return pools.stream().map(PlacedPool::pool).toList();
  }

  /// That the tables of all pools together fit into memory.
  private void checkSize(List<PoolDraft> drafts) throws ConfException {
    int servers = 0;
    for (PoolDraft draft : drafts) {
      servers += draft.share();
      if (servers > ConfLimits.SERVERS) {
        throw tooMany(draft.name().at());
      }
    }
  }

  private ConfException tooMany(Position at) {
    return refuse.ofFile(
        at,
        "has more than " + ConfLimits.SERVERS + " servers",
        "accepted: at most "
            + ConfLimits.SERVERS
            + " servers in all pools; a maglev pool counts for "
            + ConfLimits.maglevShare(1)
            + " at least, or "
            + ConfLimits.SERVERS_OF_A_POOL
            + " if it has more than 655");
  }

  private List<PoolDraft> drafts(Iterator<Event> rest) throws ConfException {
    List<PoolDraft> drafts = new ArrayList<>();
    while (rest.hasNext()) {
      Event event = rest.next();
      if (event.getEventId() == Event.ID.Scalar) {
        Scalar name = Scalar.of(event);
        if (name.text().isEmpty()) {
          throw refuse.ofFile(name.at(), "has an empty pool name", "accepted: any other text");
        }
        if (drafts.size() == ConfLimits.SERVERS) {
          throw tooMany(name.at());
        }
        PoolDraft draft = new PoolDraft(name, refuse, listenCheck);
        rest.next(); // the beginning of the pool's mapping
        readPool(draft, rest);
        drafts.add(draft);
      }
    }
    return drafts;
  }

  private void readPool(PoolDraft draft, Iterator<Event> rest) throws ConfException {
    for (Event e = rest.next(); e.getEventId() != Event.ID.MappingEnd; e = rest.next()) {
      Scalar key = Scalar.of(e);
      if (key.text().isEmpty()) {
        throw refuse.ofFile(key.at(), "has an empty key", "accepted: " + Directive.keys());
      }
      Event value = rest.next();
      if (value.getEventId() != Event.ID.SequenceStart) {
        put(draft, key, value);
        continue;
      }
      for (e = rest.next(); e.getEventId() != Event.ID.SequenceEnd; e = rest.next()) {
        put(draft, key, e);
      }
    }
  }

  /// nutcracker refuses an empty value without a word; the words are ours.
  private void put(PoolDraft draft, Scalar key, Event event) throws ConfException {
    Scalar value = Scalar.of(event);
    if (value.text().isEmpty()) {
      String hint =
          Directive.byKey(key.text())
              .map(Directive::accepted)
              .orElse("accepted: " + Directive.keys());
      throw refuse.ofDirective(key.text(), value.at(), "has an empty value", hint);
    }
    draft.put(key, value);
  }

  private void checkListenAddresses(List<PlacedPool> pools) throws ConfException {
    pools.sort(Comparator.comparing(p -> p.pool().listen().text(), Values.NUTCRACKER_ORDER));
    for (int i = 1; i < pools.size(); i++) {
      PlacedPool first = pools.get(i - 1);
      PlacedPool second = pools.get(i);
      String address = first.pool().listen().text();
      if (address.equals(second.pool().listen().text())) {
        throw refuse.at(
            second.listenAt(),
            String.format(
                "pools '%s' and '%s' have the same listen address '%s'",
                first.pool().name(), second.pool().name(), address),
            "accepted: each listen address once in a file");
      }
    }
  }

  private void checkNames(List<PlacedPool> pools) throws ConfException {
    pools.sort(Comparator.comparing(p -> p.pool().name(), Values.NUTCRACKER_ORDER));
    for (int i = 1; i < pools.size(); i++) {
      PlacedPool first = pools.get(i - 1);
      PlacedPool second = pools.get(i);
      if (first.pool().name().equals(second.pool().name())) {
        // nutcracker's text has this lone quote.
        throw refuse.ofFile(
            second.nameAt().isAfter(first.nameAt()) ? second.nameAt() : first.nameAt(),
            "has pools with same name " + first.pool().name() + "'",
            "accepted: each pool name once in a file");
      }
    }
  }
}
