/// The log. C counterparts `nc_log.c`, `nc_log.h`.
package twemlab.proxy.log;
