package twemlab.proxy.conf;

import java.util.List;

/// A whole configuration that passed every check.
///
/// C counterpart `struct conf`.
///
/// @param file the file's name as it was given
/// @param pools at least one, sorted by the length of their names and then by bytes
public record Conf(String file, List<PoolConf> pools) {

  /// Copies the list, so that the record is immutable.
  public Conf {
    pools = List.copyOf(pools);
  }
}
