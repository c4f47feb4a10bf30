package twemlab.proxy.conf;

/// The descriptors that a configuration takes before any client has one.
///
/// @param servers connections to all servers of all pools, if every one is open
/// @param listeners one of each pool
public record DescriptorNeeds(long servers, int listeners) {
  /// Descriptors that are neither clients, servers nor listeners; `RESERVED_FDS` of nc_core.h.
  public static final int RESERVED = 32;

  /// Those of a configuration.
  public static DescriptorNeeds of(Conf conf) {
    long servers = 0;
    for (PoolConf pool : conf.pools()) {
      servers += (long) pool.serverConnections() * pool.servers().size();
    }
    return new DescriptorNeeds(servers, conf.pools().size());
  }

  /// All of them, and those of the process itself.
  public long total() {
    return servers + listeners + RESERVED;
  }

  /// Why a process cannot serve, in one line.
  ///
  /// @param limit of its descriptors
  public String refusal(int limit) {
    return String.format(
        "%d server connections, %d listeners and %d others leave no descriptor of %d to clients;"
            + " accepted: fewer servers or server_connections, or a higher limit (ulimit -n)",
        servers, listeners, RESERVED, limit);
  }
}
