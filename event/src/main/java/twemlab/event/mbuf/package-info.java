/// Buffers: reference-counted pieces of native memory, the pool they come from, and messages as
/// lists of their ranges. C counterpart nc_mbuf.c.
package twemlab.event.mbuf;
