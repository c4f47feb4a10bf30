/// The configuration file: reading, checking and the records that the rest of the proxy sees.
///
/// C counterpart `nc_conf.c` and `nc_conf.h`.
package twemlab.proxy.conf;
