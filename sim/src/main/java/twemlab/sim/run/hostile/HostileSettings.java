package twemlab.sim.run.hostile;

import java.nio.file.Path;
import java.util.List;

/// What a hostile soak is made of.
///
/// @param redis the executable of redis-server
/// @param memcached the executable of memcached
/// @param proxy the command that starts the proxy, without the options of its files and statistics
/// @param attacks names of [Attacks#names]
/// @param seconds how long
/// @param seed of attacks, requests and faults
/// @param rate requests in a second of all innocent clients together
public record HostileSettings(
    Path redis,
    Path memcached,
    List<String> proxy,
    List<String> attacks,
    double seconds,
    long seed,
    double rate) {}
