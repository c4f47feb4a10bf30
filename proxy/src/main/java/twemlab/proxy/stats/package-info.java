/// Counters and gauges: written by the loop thread, published once a turn, read by the stats
/// thread.
///
/// C counterparts `nc_stats.c`, `nc_stats.h`.
package twemlab.proxy.stats;
