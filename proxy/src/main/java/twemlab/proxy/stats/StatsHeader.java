package twemlab.proxy.stats;

/// What an answer says about the process.
///
/// @param service always `nutcracker`, for programs that collect it
/// @param source the host's name
/// @param version the version that we stand in for
/// @param uptime seconds since the start
/// @param timestamp seconds since the epoch
public record StatsHeader(
    String service, String source, String version, long uptime, long timestamp) {}
