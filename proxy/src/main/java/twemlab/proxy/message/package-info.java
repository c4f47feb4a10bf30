/// Requests with their replies, the queues they stand in, and the memory they hold. C counterpart
/// nc_message.c.
package twemlab.proxy.message;
