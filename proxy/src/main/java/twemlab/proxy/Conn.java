package twemlab.proxy;

/// A connection of the proxy; C counterpart `struct conn` (nc_connection.h), whose three uses are
/// three types here: what a client, a server, or a listener does is in its own class, instead of in
/// sixteen function pointers and eight flags.
sealed interface Conn permits ClientConn, ServerConn, ProxyConn {}
