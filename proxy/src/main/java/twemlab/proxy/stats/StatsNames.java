package twemlab.proxy.stats;

import java.util.List;

/// The names under which a pool's values appear.
///
/// @param pool the pool's name
/// @param servers the names of its servers in index order
public record StatsNames(String pool, List<String> servers) {

  /// Copies the list, so that the record is immutable.
  public StatsNames {
    servers = List.copyOf(servers);
  }
}
